import { types } from "node:util";
import { clip, escapeText } from "./escape.ts";

const maxMessageChars = 2000;
const maxCauses = 5; // a chain may be a ring

/**
 * An error in a few lines: `Name [code]: message`, the outcome of the message that was under way, and each cause on a
 * line of its own. Only properties that are data are read, so no getter of the error runs. Control characters are
 * visible; the lines of the message stay lines.
 */
export function showError(error: Error, stack: boolean): string {
  const lines = [headline(error)];
  const frames = stack ? stackFrames(error) : "";
  if (frames !== "") lines.push(frames);
  let cause = data(error, "cause");
  for (let depth = 1; cause !== undefined && depth <= maxCauses; depth++) {
    const isError = types.isNativeError(cause);
    lines.push(
      `  because: ${isError ? headline(cause as Error) : escapeText(clip(simple(cause), maxMessageChars))}`,
    );
    cause = isError ? data(cause as Error, "cause") : undefined;
  }
  if (cause !== undefined) lines.push("  because: … more causes");
  return lines.join("\n");
}

function headline(error: Error): string {
  const name = text(data(error, "name")) || "Error";
  const code = text(data(error, "code"));
  const outcome = text(data(error, "outcome"));
  const message = text(data(error, "message"));
  const shown = clip(message, maxMessageChars);
  const head = escapeText(`${name}${code === "" ? "" : ` [${code}]`}`);
  const tail = outcome === "" ? "" : escapeText(` (outcome: ${outcome})`);
  return `${head}${shown === "" ? "" : `: ${escapeText(shown, { keepNewlines: true })}`}${tail}`;
}

/** The frames alone: the stack repeats the message, which is shown already. */
function stackFrames(error: Error): string {
  const descriptor = Object.getOwnPropertyDescriptor(error, "stack");
  // V8 may define `stack` as an accessor of its own; one that a program has put there is not run.
  const native = descriptor?.get !== undefined &&
    /\[native code\]/.test(Function.prototype.toString.call(descriptor.get));
  const stack = native ? error.stack : descriptor?.value;
  if (typeof stack !== "string") return "";
  const at = stack.search(/^ {4}at /m);
  return at < 0 ? "" : escapeText(clip(stack.slice(at), maxMessageChars * 4), { keepNewlines: true });
}

/** A property that is data, on the object or a prototype; undefined for an accessor. */
function data(of: object, key: string): unknown {
  for (let holder: object | null = of; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (types.isProxy(holder)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function simple(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" || typeof value === "function"
    ? Deno.inspect(value, { depth: 1 })
    : String(value);
}
