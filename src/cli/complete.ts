import { Argument, Command } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { printScript, SHELLS } from "./completion/scripts.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley complete`; what the scripts call is answered by `completion/answer.ts`. */
export const complete: Subcommand = (finish: Finish): AnyCommand =>
  new Command("complete")
    .description(
      "print what a shell has to read so that Tab completes the words of parley, ports and profiles",
    )
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText("after", HELP)
    .action((shell) => {
      printScript(shell);
      finish(ExitCode.OK);
    });

const HELP = `
For a program that is called parley:
  bash        eval "$(parley complete bash)"             in ~/.bashrc
  zsh         eval "$(parley complete zsh)"              in ~/.zshrc, behind compinit
  fish        parley complete fish | source              in ~/.config/fish/config.fish
  PowerShell  parley complete powershell | Out-String | Invoke-Expression    in $PROFILE`;
