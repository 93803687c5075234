import { ExitCode } from "../exit_code.ts";
import { jsonText } from "../json_text.ts";
import { pipedStatements } from "../piped_statements.ts";
import { writeOut } from "../write_out.ts";
import { showError } from "../../show/error.ts";
import { Attachment, type Shown } from "./attachment.ts";

/**
 * Evaluates standard input in a console that is shared elsewhere, statement by statement, as the console itself does with
 * a pipe. Resolves with the exit code of the first failure.
 *
 * @throws {PlaceError} there is no such console.
 */
export async function attachPiped(
  name: string | undefined,
  { json = false, quiet = false }: { json?: boolean; quiet?: boolean },
): Promise<number> {
  const leaving = Promise.withResolvers<number>();
  let exitCode: number = ExitCode.OK;
  const hello = { as: json ? "json" as const : "text" as const, colors: false, watch: !quiet };
  await using attached = await Attachment.to(name, hello, (item) => {
    if (item.kind === "leave") leaving.resolve(exitCode);
    else write(item);
  });
  const onSignal = () => {
    attached.stop();
    leaving.resolve(ExitCode.INTERRUPTED);
  };
  Deno.addSignalListener("SIGINT", onSignal);
  const all = async (): Promise<number | undefined> => {
    for await (const { source, error } of pipedStatements()) {
      if (error !== undefined) {
        writeOut(Deno.stderr, `${json ? jsonText({ error }) : showError(error, false)}\n`);
      }
      const done = error === undefined ? await attached.evaluate(source) : FAILED;
      if (done === undefined) return undefined; // the console has gone
      // As in a console of one's own: the first failure, and a check that does not hold only when there is no other.
      if (!done.ok && (exitCode === ExitCode.OK || exitCode === ExitCode.ASSERTION)) exitCode = done.exitCode;
    }
    return exitCode;
  };
  const gone = attached.closed.then(() => undefined);
  const code = await Promise.race([all(), leaving.promise, gone]);
  Deno.removeSignalListener("SIGINT", onSignal);
  if (code !== undefined) return code;
  writeOut(Deno.stderr, `parley: ${attached.welcome.name} has ended: nothing is attached any more\n`);
  return ExitCode.CANNOT_CONNECT;
}

const FAILED = Object.freeze({ ok: false, exitCode: ExitCode.ERROR });

function write(item: Exclude<Shown, { kind: "leave" }>): void {
  if (item.kind === "result") return writeOut(Deno.stdout, `${item.text}\n`);
  if (item.kind === "log") return writeOut(Deno.stdout, item.text);
  if (item.kind === "dropped") return writeOut(Deno.stderr, `… ${item.count} more lines not shown\n`);
  writeOut(Deno.stderr, `${item.text}\n`);
}
