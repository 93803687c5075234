import { fileURLToPath } from "node:url";
import type { Measured } from "../row.ts";
import { timePrompt } from "./prompt_time.ts";

/** The console as `deno task console` starts it, without the task runner. */
export function drive(): Promise<Measured> {
  const script = fileURLToPath(new URL("../../../src/console/main.ts", import.meta.url));
  return timePrompt([Deno.execPath(), "run", "-A", "--no-prompt", script]);
}
