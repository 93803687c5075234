import { showValue } from "../../show/value.ts";
import type { ShellScreen } from "../shell_screen.ts";
import type { SessionLog } from "./session_log.ts";

/** The same screen, all of which goes to the log as well. */
export function loggedScreen(screen: ShellScreen, log: SessionLog): ShellScreen {
  return {
    ...screen,
    result: (value, roundTrip) => {
      log.lazily(() => showValue(value) + (roundTrip === undefined ? "" : `  (${roundTrip})`));
      screen.result(value, roundTrip);
    },
    failure: (text, error) => {
      log.text(text);
      screen.failure(text, error);
    },
    notice: (text) => {
      log.text(text);
      screen.notice(text);
    },
  };
}
