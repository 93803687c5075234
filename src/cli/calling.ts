import { BrokenError, type Client, connect, createClient, ProtocolError } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { linkCommand, type LinkFlags, linkOptions, retryOption } from "./command_line.ts";
import type { Ending } from "./ending.ts";
import { note } from "./printer.ts";

/** The options of subcommands that connect to somebody. */
export interface CallFlags extends LinkFlags {
  retry?: number;
}

/** A subcommand that connects to somebody. @param dialect As of `linkCommand`. */
// deno-lint-ignore explicit-module-boundary-types -- commander infers the option types, which cannot be written down
export function callCommand(name: string, about: string, dialect?: string) {
  return linkCommand(name, about, dialect).addOption(retryOption());
}

/**
 * Connects, and with `--retry` goes on trying for that long; a link that is lost later is then restored as well. When
 * the program is asked to end, the link is closed.
 *
 * @throws {BrokenError} with `--retry`: the code of what the last attempt failed with; every attempt was in vain.
 * @throws what `connect` throws.
 */
export async function call(address: string, flags: CallFlags, { signal }: Ending): Promise<Client> {
  if (flags.retry === undefined) {
    // One that ends the link is told by what waits for an answer.
    const onFail = (error: Error) => {
      if (error instanceof ProtocolError && !error.fatal) note(`! ${showError(error, false)}`, flags);
    };
    return await connect(address, { ...linkOptions(address, flags), signal, onFail });
  }
  let last: Error | undefined;
  const client = createClient(address, {
    ...linkOptions(address, flags),
    signal,
    reconnect: { maxMs: LONGEST_PAUSE_MS },
    onFail: (error) => last = error,
    onEvent: (event) => {
      if (event.kind === "retry" && event.attempt === 2) note(`${last?.message}; trying again`, flags);
    },
  });
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    client.close();
  }, flags.retry);
  try {
    return await client.start();
  } catch (error) {
    if (!isOver) throw error;
    const { code = "timeout" } = (last ?? {}) as { code?: string };
    const why = last?.message ?? `Cannot connect to ${address}: no connection`;
    throw new BrokenError(code, `${why} (tried for ${flags.retry} ms, --retry)`, { outcome: "not-sent" });
  } finally {
    clearTimeout(timer);
  }
}

/** Between two attempts, in milliseconds: who waits at a shell wants to know soon. */
const LONGEST_PAUSE_MS = 1000;
