import { addresses } from "./addresses.ts";
import { commands } from "./commands.ts";
import { files } from "./files.ts";
import { handlers } from "./handlers.ts";
import { keys } from "./keys.ts";
import { names } from "./names.ts";
import { options } from "./options.ts";
import { quoted } from "./quoted.ts";
import type { CompletionSource } from "./source.ts";

/** Where completions come from, in the order in which they are asked. To add one: write its file, and add it here. */
export const sources: readonly CompletionSource[] = Object.freeze([
  commands,
  quoted(handlers),
  quoted(addresses),
  options,
  keys,
  files,
  names,
]);
