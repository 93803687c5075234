// deno-lint-ignore-file explicit-module-boundary-types -- commander infers the option types, which cannot be written down
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";

/** `--enter` */
export const enterOption = () =>
  new Option("--enter <keys>", "what Enter sends: cr, lf or crlf (default: cr; lf unless a serial port)")
    .argParser(parseEnter);

function parseEnter(text: string): Uint8Array {
  if (Object.hasOwn(ENTER_KEYS, text)) return ENTER_KEYS[text as keyof typeof ENTER_KEYS];
  throw new InvalidArgumentError("There are cr, lf and crlf.");
}

/** What the Enter key may send. */
export const ENTER_KEYS = Object.freeze({
  cr: Uint8Array.of(13),
  lf: Uint8Array.of(10),
  crlf: Uint8Array.of(13, 10),
});
