import { ExitCode } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { ScriptReport } from "../console/script_report.ts";
import { SecretBook } from "../console/secret_book.ts";
import { writeOut } from "../console/write_out.ts";
import { checkLine } from "../show/check_line.ts";
import { showValue } from "../show/value.ts";
import { note, type PrintFlags } from "./printer.ts";

/**
 * Writes what a script says by `show()` and `check()` on standard output, without its secrets, and at its end how its
 * checks went. The exit code is set when one does not hold; anything worse sets its own.
 *
 * @returns what hides the script's secrets in a text.
 */
export function reportScript(flags: PrintFlags): (text: string) => string {
  const secrets = new SecretBook();
  const colors = Deno.stdout.isTerminal() && !Deno.noColor;
  const say = (facts: Record<string, unknown>, text: () => string) =>
    writeOut(Deno.stdout, `${flags.json ? jsonText(facts, secrets) : secrets.mask(text())}\n`);
  const report = new ScriptReport({
    check: (check) => {
      say({ check }, () => checkLine(check, colors));
      if (!check.ok && Deno.exitCode === 0) Deno.exitCode = ExitCode.ASSERTION;
    },
    show: (value) => say({ value }, () => showValue(value, { colors })),
  });
  secrets.listen();
  report.listen();
  globalThis.addEventListener("unload", () => {
    if (report.summary !== undefined) note(report.summary, flags);
  });
  return secrets.mask;
}
