import { showValue } from "./value.ts";

/**
 * Prints a value as the console shows it: text in double quotes, bytes by content, errors without their stack, and no
 * control character of a peer. For scripts, which have no prompt that does it; `undefined` prints nothing. A program that
 * shows values in its own way, as the console does, listens to the global event `"parley:show"`, whose `detail` is the
 * value, and calls its `preventDefault()`.
 *
 * @example
 * ```ts
 * import { show } from "@parley/parley";
 *
 * show("HELLO"); // prints "HELLO", with its quotes
 * ```
 */
export function show(value: unknown): void {
  if (value === undefined) return;
  if (!globalThis.dispatchEvent(new CustomEvent("parley:show", { detail: value, cancelable: true }))) return;
  const colors = Deno.stdout.isTerminal() && !Deno.noColor;
  // deno-lint-ignore no-console -- printing is what it is for
  console.log(showValue(value, { colors }));
}
