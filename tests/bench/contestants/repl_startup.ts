import type { Measured, Work } from "../row.ts";
import { timePrompt } from "./prompt_time.ts";

/** The runtime's own prompt. */
export function drive(_address: string, work: Work): Promise<Measured> {
  return timePrompt([Deno.execPath(), "repl"], work.until);
}
