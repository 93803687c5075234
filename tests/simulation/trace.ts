/** What happened in a run, as a hash that two runs of one seed have in common, and as text when it is wanted. */
export class Trace {
  /** Every line, when they are kept. */
  readonly lines: string[] | undefined;
  #hash = 0x811c9dc5;

  /** @param keepLines Keeps the text as well: for looking at one run. */
  constructor(keepLines: boolean) {
    if (keepLines) this.lines = [];
  }

  /** The hash so far, in hexadecimal. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }

  /** Something happened at `at`, in virtual milliseconds. */
  note(at: number, what: string, ...details: readonly (string | number)[]): void {
    this.#number(at);
    this.#text(what);
    for (const detail of details) {
      if (typeof detail === "number") this.#number(detail);
      else this.#text(detail);
    }
    this.lines?.push(`${at.toFixed(3).padStart(11)} ${what} ${details.join(" ")}`);
  }

  /** Bytes travelled. Only the hash sees them; of many it sees the first, where the heads of frames are. */
  bytes(bytes: Uint8Array): void {
    this.#mix(bytes.length);
    const count = Math.min(bytes.length, HASHED_BYTES);
    for (let i = 0; i < count; i++) this.#mix(bytes[i]);
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  /** Thousandths are as fine as times are. */
  #number(value: number): void {
    const thousandths = Math.round(value * 1000);
    this.#mix(thousandths | 0);
    this.#mix((thousandths / 2 ** 32) | 0);
  }

  /** FNV-1a, with whole numbers in place of bytes. */
  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ value, 0x01000193);
  }
}

/** Hashing every byte of long payloads would take a tenth of the time of a run. */
const HASHED_BYTES = 256;
