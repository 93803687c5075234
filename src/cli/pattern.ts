import { jsonText } from "../console/json_text.ts";
import { slashedPattern } from "../written_pattern.ts";
import { CommandLineError } from "./failure.ts";
import { utf8 } from "./message_form.ts";

/** What `--until` looks for in messages: a text, or a regular expression between slashes. Pure. */
export class Pattern {
  /** As it was written. */
  readonly source: string;
  readonly #test: (text: string) => boolean;

  /** @throws {CommandLineError} it is empty, or no regular expression. */
  constructor(source: string) {
    this.source = source;
    if (source === "") throw new CommandLineError(`Cannot use "" as --until: it would match everything`);
    try {
      // Those two flags would make the next look depend on the last.
      const regex = slashedPattern(source, { without: "gy" });
      this.#test = regex === undefined ? (text) => text.includes(source) : (text) => regex.test(text);
    } catch (error) {
      throw new CommandLineError(`Cannot use "${source}" as --until: ${(error as Error).message}`);
    }
  }

  /** True for a message in which it is; a message that is no text is looked at as JSON. */
  matches(message: unknown): boolean {
    return this.#test(textOf(message));
  }
}

function textOf(message: unknown): string {
  if (typeof message === "string") return message;
  if (message instanceof Uint8Array) return utf8(message) ?? new TextDecoder("latin1").decode(message);
  return jsonText(message) ?? "";
}
