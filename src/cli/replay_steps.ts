import type { ReplayOptions, SecretMask } from "../../mod.ts";
import { nextLine } from "../console/replay_lines.ts";

/**
 * The pace of `--step`: shows what is next and waits for Enter. The end of the input, Ctrl-D, lets the rest go on.
 */
export function enterKey(
  flags: { readonly quiet?: boolean; readonly masks: SecretMask },
): NonNullable<ReplayOptions["pace"]> {
  let goesOn = false;
  return async ({ step, bytes }) => {
    if (goesOn) return;
    const hint = flags.quiet === true ? "" : "   Enter says it, Ctrl-D all the rest";
    Deno.stderr.writeSync(new TextEncoder().encode(`${nextLine(step, flags.masks.maskBytes(bytes))}${hint}`));
    if (await Deno.stdin.read(new Uint8Array(256)) === null) {
      goesOn = true;
      Deno.stderr.writeSync(new TextEncoder().encode("\n"));
    }
  };
}
