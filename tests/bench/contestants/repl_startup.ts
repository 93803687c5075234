import type { Measured } from "../row.ts";
import { timePrompt } from "./prompt_time.ts";

/** The runtime's own prompt. */
export function drive(): Promise<Measured> {
  return timePrompt([Deno.execPath(), "repl"]);
}
