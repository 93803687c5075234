import { Command } from "@commander-js/extra-typings";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley attach` */
export const attach: Subcommand = (finish: Finish): AnyCommand =>
  new Command("attach")
    .description(
      "use the links of a console that is shared by .share: a prompt at a terminal; otherwise evaluates stdin there",
    )
    .argument("[name]", "as .share has said; may be left out when only one console is shared")
    .option("--json", "piped input: one JSON object a line")
    .option("-q, --quiet", "no greeting; piped input: nothing on stderr but errors")
    .action(async (name, flags) => {
      if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
        const { attachAtTerminal } = await import("../console/share/attach_terminal.ts");
        return finish(await attachAtTerminal(name, flags));
      }
      const { attachPiped } = await import("../console/share/attach_piped.ts");
      finish(await attachPiped(name, flags));
    });
