import { UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { checkOptions, checkWait } from "./options.ts";

/** What `sendFile` and `getFile` are called with. */
interface FileCall {
  readonly path: unknown;
  readonly name: unknown;
}

/** What is wrong with a call about a file, if anything is. */
export function checkFileCall(where: FileFunction, call: FileCall, options: object): unknown {
  try {
    check(where, call, options);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** @throws {UsageTypeError} code `usage`. @throws {UsageRangeError} code `usage`. */
function check(where: FileFunction, { path, name }: FileCall, options: object): void {
  for (const [what, value] of [["path", path], ["name", name]] as const) {
    if (typeof value === "string" && value !== "") continue;
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(value)} as the ${what} of ${where}: a text is wanted`,
    );
  }
  checkOptions(where, options, OPTION_NAMES[where]);
  checkWait(where, options);
  const { onProgress, overwrite, maxBytes } = options as Record<string, unknown>;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(onProgress)} as "onProgress": a function is wanted`,
    );
  }
  if (overwrite !== undefined && typeof overwrite !== "boolean") {
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(overwrite)} as "overwrite": true or false is wanted`,
    );
  }
  if (maxBytes !== undefined) checkCount("maxBytes", maxBytes, Number.MAX_SAFE_INTEGER);
}

type FileFunction = "sendFile()" | "getFile()";

const OPTION_NAMES: Readonly<Record<FileFunction, readonly string[]>> = Object.freeze({
  "sendFile()": ["onProgress", "timeoutMs", "signal"],
  "getFile()": ["onProgress", "overwrite", "maxBytes", "timeoutMs", "signal"],
});
