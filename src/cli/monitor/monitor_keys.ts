/** What a key means: bytes for the device, or the letter behind the prefix. */
export type MonitorKey = { readonly send: Uint8Array } | { readonly command: string };

/** Ctrl-T, as tio has it. */
const PREFIX = 0x14;
const CR = 0x0d;

/** Takes the keyboard of a monitor apart: all keys are for the device, but those behind Ctrl-T. Pure. */
export class MonitorKeys {
  readonly #enter: Uint8Array;
  #isPrefixed = false;

  /** @param enter What the Enter key sends. */
  constructor(enter: Uint8Array) {
    this.#enter = enter;
  }

  /** What these bytes of the keyboard mean, in order. */
  feed(bytes: Uint8Array): MonitorKey[] {
    const keys: MonitorKey[] = [];
    let sent: number[] = [];
    const endSent = () => {
      if (sent.length > 0) keys.push({ send: Uint8Array.from(sent) });
      sent = [];
    };
    for (const byte of bytes) {
      if (this.#isPrefixed) {
        this.#isPrefixed = false;
        if (byte === PREFIX) sent.push(byte);
        else {
          endSent();
          keys.push({ command: String.fromCharCode(byte) });
        }
      } else if (byte === PREFIX) this.#isPrefixed = true;
      else if (byte === CR) { for (const each of this.#enter) sent.push(each); }
      else sent.push(byte);
    }
    endSent();
    return keys;
  }
}
