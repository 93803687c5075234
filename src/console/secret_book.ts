import type { SecretQuestion, SecretValue } from "../../mod.ts";
import { escapeText } from "../show/escape.ts";

/**
 * The secrets that this program holds, so that none of them is written: what goes to the screen, a file or another
 * program passes {@linkcode SecretBook.mask} on its way, bytes pass {@linkcode SecretBook.maskBytes}.
 */
export class SecretBook {
  /** What each name stands for now. */
  readonly #values = new Map<string, string>();
  /** Everything that was a secret in this session, as bytes, the longest first. */
  #bytes: readonly Uint8Array[] = [];
  /** The name of the secret that each text stands for. */
  readonly #names = new Map<string, string>();
  #pattern: RegExp | undefined;
  readonly #ask: ((name: string) => Promise<string | undefined>) | undefined;

  /** @param ask Asks for a secret that is not in the environment; left out where nobody can be asked. */
  constructor(ask?: (name: string) => Promise<string | undefined>) {
    this.#ask = ask;
  }

  /** Hears of secrets, and asks for them, until {@linkcode SecretBook.close}. */
  listen(): void {
    globalThis.addEventListener("parley:secret", this.#onSecret);
    if (this.#ask !== undefined) globalThis.addEventListener("parley:ask-secret", this.#onQuestion);
  }

  /** Hears of no more. What it knows stays masked. */
  close(): void {
    globalThis.removeEventListener("parley:secret", this.#onSecret);
    globalThis.removeEventListener("parley:ask-secret", this.#onQuestion);
  }

  /** `value` is a secret from now on. */
  add(name: string, value: string): void {
    if (value.length < MIN_CHARS || this.#values.get(name) === value) return;
    this.#values.set(name, value);
    this.#bytes = [...this.#bytes, new TextEncoder().encode(value)].sort((a, b) => b.length - a.length);
    for (const form of formsOf(value)) this.#names.set(form, name);
    // The longest first, so that a secret that begins like another one goes whole.
    const forms = [...this.#names.keys()].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(forms.map((form) => RegExp.escape(form)).join("|"), "g");
  }

  /** Whether a text holds a secret. */
  readonly isIn = (text: string): boolean => {
    return this.#pattern !== undefined && text.search(this.#pattern) !== -1;
  };

  /** The text with `[secret NAME]` in place of each. */
  readonly mask = (text: string): string => {
    if (this.#pattern === undefined) return text;
    return text.replace(this.#pattern, (form) => `[secret ${this.#names.get(form)}]`);
  };

  /** The bytes with each secret made `*`, as many as before: what is counted in the bytes around it stays true. */
  readonly maskBytes = (bytes: Uint8Array): Uint8Array => {
    let masked = bytes;
    for (const secret of this.#bytes) {
      for (let at = find(masked, secret, 0); at !== -1; at = find(masked, secret, at + secret.length)) {
        if (masked === bytes) masked = bytes.slice();
        masked.fill("*".charCodeAt(0), at, at + secret.length);
      }
    }
    return masked;
  };

  readonly #onSecret = (event: Event): void => {
    const { name, value } = (event as CustomEvent<SecretValue>).detail;
    this.add(name, value);
  };

  readonly #onQuestion = (event: Event): void => {
    const { name, answer } = (event as CustomEvent<SecretQuestion>).detail;
    answer(this.#answer(name));
  };

  /** Asked once in a session. */
  async #answer(name: string): Promise<string | undefined> {
    return this.#values.get(name) ?? await this.#ask?.(name);
  }
}

/** How a secret looks in what is written: as it is, in quotes, in JSON, and its bytes in hexadecimal. */
function formsOf(value: string): Set<string> {
  const bytes = [...new TextEncoder().encode(value)];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  return new Set([
    value,
    escapeText(value),
    escapeText(value, { keepNewlines: true }).replaceAll("\t", "\\t"), // in the message of an error
    // Which quotes a text gets depends on what else is in it.
    ...['"', "'", "`"].map((quote) => quotedForm(value, quote)),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    hex.join(" "),
    hex.join(""),
  ]);
}

function quotedForm(value: string, quote: string): string {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\t", "\\t");
  return escapeText(escaped);
}

function find(bytes: Uint8Array, part: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(part[0], from); at !== -1; at = bytes.indexOf(part[0], at + 1)) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Fewer characters stand in too much that is no secret: a PIN of two digits in every number. */
const MIN_CHARS = 4;
