import { escapeText } from "../show/escape.ts";
import { formsOf, MIN_SECRET_CHARS, type SecretForm } from "./secret_form.ts";

/** Where a secret stands in bytes. */
export interface FoundSecret {
  /** How the program calls it. */
  readonly name: string;
  /** How it is written there. */
  readonly form: SecretForm;
  /** Its first byte. */
  readonly at: number;
  /** How many bytes of it are there. */
  readonly length: number;
  /** How many it has: more where only its beginning is there. */
  readonly whole: number;
}

/**
 * Finds secrets in what a program writes, and hides them: as they are, in quotes, JSON, URLs, hexadecimal and base64.
 * Those of fewer than 4 characters are not looked for. What `secret()` gives is told by the global event
 * `"parley:secret"`.
 *
 * @example
 * ```ts
 * import { SecretMask } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const secrets = new SecretMask();
 * secrets.add("PIN", "0000-1111");
 * assert.equal(secrets.mask("sent PIN 0000-1111"), "sent PIN [secret PIN]");
 * ```
 */
export class SecretMask {
  /** What each name stands for now. */
  readonly #values = new Map<string, string>();
  /** Everything that was a secret, as bytes, the longest first. */
  #bytes: readonly { readonly name: string; readonly form: SecretForm; readonly bytes: Uint8Array }[] = [];
  /** The name of the secret that each text stands for. */
  readonly #names = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** True while nothing is to be hidden. */
  get isEmpty(): boolean {
    return this.#pattern === undefined;
  }

  /** What a name stands for now. */
  current(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** `value` is a secret from now on. */
  add(name: string, value: string): void {
    if (value.length < MIN_SECRET_CHARS || this.#values.get(name) === value) return;
    this.#values.set(name, value);
    const forms = formsOf(value).map((each) => ({ name, ...each }));
    this.#bytes = [...this.#bytes, ...forms].sort((a, b) => b.bytes.length - a.bytes.length);
    for (const text of textsOf(value)) this.#names.set(text, name);
    // The longest first, so that a secret that begins like another one goes whole.
    const texts = [...this.#names.keys()].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(texts.map((text) => RegExp.escape(text)).join("|"), "g");
  }

  /** Whether a text holds a secret. */
  readonly isIn = (text: string): boolean => {
    return this.#pattern !== undefined && text.search(this.#pattern) !== -1;
  };

  /** The text with `[secret NAME]` in place of each. */
  readonly mask = (text: string): string => {
    if (this.#pattern === undefined) return text;
    return text.replace(this.#pattern, (found) => `[secret ${this.#names.get(found)}]`);
  };

  /** The bytes with each secret made `*`, as many as before: what is counted in the bytes around it stays true. */
  readonly maskBytes = (bytes: Uint8Array): Uint8Array => {
    const found = this.find(bytes);
    if (found.length === 0) return bytes;
    const masked = bytes.slice();
    for (const { at, length } of found) masked.fill(STAR, at, at + length);
    return masked;
  };

  /** Where secrets stand in the bytes, in order, the longer of two that overlap. */
  find(bytes: Uint8Array): FoundSecret[] {
    const found: FoundSecret[] = [];
    for (const { name, form, bytes: secret } of this.#bytes) {
      const length = secret.length;
      for (let at = find(bytes, secret, 0); at !== -1; at = find(bytes, secret, at + 1)) {
        const isFree = found.every((each) => each.at + each.length <= at || at + length <= each.at);
        if (isFree) found.push({ name, form, at, length, whole: length });
      }
    }
    return found.sort((a, b) => a.at - b.at);
  }

  /** The longest end of the bytes, behind `from`, that a secret may begin with. */
  beginning(bytes: Uint8Array, from: number): FoundSecret | undefined {
    let longest: FoundSecret | undefined;
    for (const { name, form, bytes: secret } of this.#bytes) {
      const most = Math.min(secret.length - 1, bytes.length - from);
      for (let length = most; length > (longest?.length ?? 0); length--) {
        const at = bytes.length - length;
        if (!isAt(bytes, at, secret.subarray(0, length))) continue;
        longest = { name, form, at, length, whole: secret.length };
      }
    }
    return longest;
  }
}

/** How a secret looks in what is written: as it is, in quotes, in JSON, and its bytes in hexadecimal. */
function textsOf(value: string): Set<string> {
  return new Set([
    ...formsOf(value).map(({ bytes }) => new TextDecoder().decode(bytes)),
    escapeText(value),
    escapeText(value, { keepNewlines: true }).replaceAll("\t", "\\t"), // in the message of an error
    // Which quotes a text gets depends on what else is in it.
    ...['"', "'", "`"].map((quote) => quotedForm(value, quote)),
    new TextEncoder().encode(value).toHex().match(/../g)!.join(" "),
  ]);
}

function quotedForm(value: string, quote: string): string {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\t", "\\t");
  return escapeText(escaped);
}

function find(bytes: Uint8Array, part: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(part[0], from); at !== -1; at = bytes.indexOf(part[0], at + 1)) {
    if (isAt(bytes, at, part)) return at;
  }
  return -1;
}

function isAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  return part.every((byte, index) => bytes[at + index] === byte);
}

const STAR = "*".charCodeAt(0);
