// deno-lint-ignore-file explicit-module-boundary-types -- commander infers the option types, which cannot be written down
import { Option } from "@commander-js/extra-typings";
import type { MessageForm } from "./message_form.ts";

/** The options that say how messages are written, given and printed. */
export interface FormFlags {
  hex?: true;
  escape?: true;
  raw?: true;
  value?: true;
}

/** `--hex` */
export const hexOption = () =>
  new Option("-x, --hex", `messages are bytes in hexadecimal: "aa bb 0d" is given and printed`)
    .conflicts(["escape", "raw", "value"]);

/** `--escape` */
export const escapeOption = () =>
  new Option("-e, --escape", String.raw`messages have escapes: "a\r\n" "\x1b" are given and printed`)
    .conflicts(["raw", "value"]);

/** `--raw` */
export const rawOption = () =>
  new Option("--raw", "standard input is one message as it is; nothing is added to what is printed")
    .conflicts(["value"]);

/** `--value` */
export const valueOption = () =>
  new Option("--value", `messages are JSON where they are JSON: '{"on":true}'`);

/** The form that was asked for. */
export function formOf(flags: FormFlags): MessageForm {
  return (["hex", "escape", "raw", "value"] as const).find((form) => flags[form]) ?? "text";
}
