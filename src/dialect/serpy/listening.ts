import { frameTooLarge } from "../../codec/codec.ts";
import { FaultAllowance } from "../../codec/fault_allowance.ts";
import { ProtocolError } from "../../errors.ts";
import { SendBuffer } from "../../send_buffer.ts";
import type { DialectHost } from "../dialect.ts";
import { decodeText, type TextEncoding } from "../text_encoding.ts";
import { decodeBase85 } from "./base85.ts";
import { COMMAND, MESSAGE_END } from "./block.ts";
import { PickleRefusal } from "./pickle_error.ts";
import { readPickle } from "./pickle_reader.ts";
import type { Speech } from "./speech.ts";

/**
 * What this end hears: blocks in, commands obeyed, messages handed over. Whatever a serpy peer would end its thread at
 * is dropped and reported, and the next block is taken as if nothing had been; what is dropped is not acknowledged.
 */
export class Listening {
  readonly #host: DialectHost;
  readonly #speech: Speech;
  readonly #encoding: TextEncoding;
  readonly #faults = new FaultAllowance();
  /** Theirs; 6 to 9 can be asked for, and mean nothing. */
  #mode = 0;
  /** A message in mode 1, 3 or 5 that has no end yet, though its block has. */
  #partial = new SendBuffer();
  /** A message had grown too large: the rest of it is passed over, up to its end. */
  #passingOver = false;

  constructor(host: DialectHost, speech: Speech, encoding: TextEncoding) {
    this.#host = host;
    this.#speech = speech;
    this.#encoding = encoding;
  }

  /** Bytes of a message that has no end yet. */
  get partBytes(): number {
    return this.#partial.length;
  }

  /** Takes the next block, which is not empty. */
  hear(block: Uint8Array, now: number): void {
    this.#faults.pass(block.length + 1);
    if (block[0] === COMMAND) this.#command(block, now);
    else this.#block(block);
  }

  /** A block was too large to be read: a message that it was part of is of no use. */
  tooLarge(error: ProtocolError): void {
    this.#forget();
    this.#passingOver = false;
    this.#report(error.code, error.message);
  }

  // ---- what makes no sense

  /** Reported at once, or counted where others like it come close to each other. */
  #report(code: string, text: string): void {
    if (!this.#faults.spend()) return;
    this.#host.fault(new ProtocolError(code, text + this.#faults.silent(), { fatal: false }));
  }

  #drop(code: string, reason: string): void {
    this.#report(code, `Dropped a block: ${reason}`);
  }

  #forget(): void {
    if (this.#partial.isLarge) this.#partial = new SendBuffer();
    else this.#partial.rewind(0);
  }

  // ---- commands

  #command(block: Uint8Array, now: number): void {
    const { text, invalid } = decodeText(block.subarray(1), this.#encoding);
    if (invalid) return this.#drop("bad_command", `a command is no text in ${this.#encoding}`);
    if (text.startsWith("SETMODE")) return this.#setMode(text);
    if (text === "ACKMODCG") {
      if (!this.#speech.modeChanged(now)) this.#drop("stray_answer", "nobody has asked for another mode");
    } else if (text === "ACKEOT!!") {
      if (!this.#speech.acked(now)) this.#drop("stray_answer", "no message waits for its acknowledgement");
    } else {
      this.#noCommand(block, text);
    }
  }

  #setMode(text: string): void {
    const last = text.at(-1)!;
    if (last < "0" || last > "9") return this.#drop("bad_mode", "a SETMODE does not end with a digit");
    this.#mode = Number(last);
    this.#passingOver = false;
    this.#host.output.append(MODE_CHANGED);
    if (this.#mode < 6) return;
    this.#report(
      "bad_mode",
      `Mode ${last} was asked for, and there is none: all that is said in it is dropped`,
    );
  }

  /** In mode 0 it arrives without the 01, in 2 and 4 it is read so; in the others serpy ends its thread. */
  #noCommand(block: Uint8Array, text: string): void {
    switch (this.#mode) {
      case 0:
        return this.#deliver(this.#host.payload === "bytes" ? block.slice(1) : text, block.length);
      case 2:
      case 4:
        if (block.length > 1) this.#block(block.subarray(1));
        return;
      case 1:
      case 3:
      case 5:
        this.#forget();
        return this.#drop("bad_command", `it begins with 01 and is no command, in mode ${this.#mode}`);
    }
  }

  // ---- messages

  #block(block: Uint8Array): void {
    switch (this.#mode) {
      case 0:
      case 2:
      case 4:
        this.#take(block, this.#mode, block.length);
        return;
      case 1:
      case 3:
      case 5:
        return this.#part(block);
    }
  }

  /** A message ends with 04: most often in its only block. */
  #part(block: Uint8Array): void {
    const end = block.indexOf(MESSAGE_END);
    if (end === -1) {
      if (!this.#passingOver) this.#passingOver = !this.#keep(block);
      return;
    }
    if (block.indexOf(MESSAGE_END, end + 1) !== -1) {
      this.#forget();
      this.#passingOver = false;
      return this.#drop("bad_message", `it holds two ends of a message, in mode ${this.#mode}`);
    }
    if (this.#passingOver) {
      this.#passingOver = false;
      return void this.#keep(block.subarray(end + 1));
    }
    let message: Uint8Array = block.subarray(0, end); // of memory that is its own
    if (this.#partial.length > 0) {
      if (!this.#keep(message)) return;
      message = this.#partial.copyFrom(0);
      this.#forget();
    }
    this.#keep(block.subarray(end + 1));
    if (this.#take(message, this.#mode - 1, message.length + 1)) this.#host.output.append(MESSAGE_TAKEN);
  }

  /** Hands a message over, as in mode 0, 2 or 4; false when it makes no sense. */
  #take(message: Uint8Array, mode: number, size: number): boolean {
    if (mode === 0) {
      this.#deliverText(message, size);
      return true;
    }
    const bytes = decodeBase85(message);
    if (typeof bytes === "string") {
      this.#drop("bad_base85", `it is no base 85: ${bytes}`);
      return false;
    }
    if (mode === 2) this.#deliver(bytes, size);
    else this.#deliverPickle(bytes, size);
    return true;
  }

  /** False when the message is too large, and none of it was kept. */
  #keep(part: Uint8Array): boolean {
    const { maxFrameBytes } = this.#host.limits;
    const bytes = this.#partial.length + part.length;
    if (bytes > maxFrameBytes) {
      this.tooLarge(frameTooLarge(bytes, maxFrameBytes, { fatal: false }));
      return false;
    }
    this.#partial.append(part);
    return true;
  }

  #deliverText(bytes: Uint8Array, size: number): void {
    if (this.#host.payload === "bytes") return this.#deliver(bytes, size);
    const { text, invalid } = decodeText(bytes, this.#encoding);
    this.#deliver(text, size, invalid);
  }

  /** Plain data is read; whatever else a pickle wants is its own bytes, with the reason beside it. */
  #deliverPickle(pickle: Uint8Array, size: number): void {
    let value: unknown = pickle;
    if (this.#host.payload !== "bytes") {
      const read = readPickle(pickle);
      if (read instanceof PickleRefusal) {
        this.#report(read.code, `${read.message}: it is handed over as bytes`);
        return this.#deliver(pickle, size, true);
      }
      value = read.value;
    }
    this.#deliver(value, size);
  }

  #deliver(value: unknown, size: number, invalid = false): void {
    if (this.#faults.isDue) this.#host.fault(this.#faults.rest("bad_block", "blocks that make no sense"));
    this.#host.deliver(invalid ? { kind: "message", value, invalid } : { kind: "message", value }, size);
  }
}

const MESSAGE_TAKEN = new TextEncoder().encode("\x01ACKEOT!!\x1f");
const MODE_CHANGED = new TextEncoder().encode("\x01ACKMODCG\x1f");
