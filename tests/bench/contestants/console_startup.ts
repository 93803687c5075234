import { fileURLToPath } from "node:url";
import type { Measured, Work } from "../row.ts";
import { timePrompt } from "./prompt_time.ts";

/** The console as `deno task console` starts it, without the task runner. */
export function drive(_address: string, work: Work): Promise<Measured> {
  const script = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
  return timePrompt([Deno.execPath(), "run", "-qA", "--no-prompt", script, "console"], work.until);
}
