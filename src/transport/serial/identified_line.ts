import type { LineFacts } from "../transport.ts";
import type { FlushWhat, LineSignals, OutputSignals, SerialLine } from "./serial_line.ts";
import type { LineSettings } from "./serial_settings.ts";

/** What was read of a line until its device was known. */
export interface Answered {
  /** The answer with its separator. */
  readonly answer: Uint8Array;
  /** What has come behind it, to be read first. */
  readonly rest: Uint8Array;
  /** How often it may come again: the device was asked so many times more. */
  readonly awaited: number;
  /** How long each of them may take, in milliseconds: a board that began anew has not heard all questions. */
  readonly withinMs: number;
  /** The bytes of the question: who asks it again wants the answer. */
  readonly question: Uint8Array;
}

/**
 * A line whose device has said who it is: what has come behind the answer is read first, and answers to questions that
 * were asked again are left out.
 */
export class IdentifiedLine implements SerialLine {
  readonly isLocal = true;
  readonly isEndless = true;
  readonly #line: SerialLine;
  readonly #filter: AnswerFilter;
  readonly #withinMs: number;
  readonly #question: Uint8Array;
  #rest: Uint8Array | undefined;
  /** When no more of the answers come. */
  #until: number;

  constructor(line: SerialLine, separator: Uint8Array, answered: Answered) {
    const { answer, rest, awaited, withinMs, question } = answered;
    this.#line = line;
    this.#rest = rest;
    this.#filter = new AnswerFilter(answer, separator, awaited);
    this.#withinMs = withinMs;
    this.#question = question;
    this.#until = performance.now() + withinMs;
  }

  get path(): string {
    return this.#line.path;
  }

  get remoteAddress(): string {
    return this.#line.remoteAddress;
  }

  get localAddress(): string {
    return this.#line.localAddress;
  }

  get settings(): Readonly<LineSettings> {
    return this.#line.settings;
  }

  get line(): LineFacts | undefined {
    return this.#line.line;
  }

  get lost(): Promise<void> | undefined {
    return this.#line.lost;
  }

  get released(): Promise<void> | undefined {
    return this.#line.released;
  }

  get writtenBytes(): number | undefined {
    return this.#line.writtenBytes;
  }

  get unsentBytes(): number | undefined {
    return this.#line.unsentBytes;
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk: Uint8Array | null = this.#rest ?? await this.#line.read();
      this.#rest = undefined;
      if (chunk === null || this.#filter.isDone && chunk.length > 0) return chunk;
      const now = performance.now();
      if (now > this.#until) this.#filter.end();
      const { left } = this.#filter;
      const passed = this.#filter.pass(chunk);
      if (this.#filter.left < left) this.#until = now + this.#withinMs;
      if (passed.length > 0) return passed;
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (!this.#filter.isDone && holds(bytes, this.#question)) this.#filter.end();
    return this.#line.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#line.closeWrite();
  }

  close(): void {
    this.#line.close();
  }

  setSignals(signals: OutputSignals): Promise<void> {
    return this.#line.setSignals(signals);
  }

  getSignals(): Promise<LineSignals> {
    return this.#line.getSignals();
  }

  flush(what: FlushWhat): Promise<void> {
    return this.#line.flush(what);
  }

  drain(): Promise<void> {
    return this.#line.drain();
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#line.setBaudRate(baudRate);
  }
}

/** Leaves out whole messages that are the answer once more, so many of them and no others. */
class AnswerFilter {
  readonly #answer: Uint8Array;
  readonly #separator: Uint8Array;
  #left: number;
  /** How much of the answer the message has been so far; -1 when it is another one. */
  #matched = 0;
  /** How much of the separator the last bytes of another message are. */
  #ending = 0;

  constructor(answer: Uint8Array, separator: Uint8Array, left: number) {
    this.#answer = answer;
    this.#separator = separator;
    this.#left = left;
  }

  /** How many are still left out. */
  get left(): number {
    return this.#left;
  }

  /** From now on all that comes is passed. */
  end(): void {
    this.#left = 0;
  }

  get isDone(): boolean {
    return this.#left === 0 && this.#matched <= 0;
  }

  pass(chunk: Uint8Array): Uint8Array {
    const passed: number[] = [];
    for (const byte of chunk) {
      if (this.#left === 0) passed.push(...this.#held(), byte);
      else if (this.#matched >= 0 && byte === this.#answer[this.#matched]) {
        if (++this.#matched < this.#answer.length) continue;
        this.#matched = 0;
        this.#left--;
      } else {
        passed.push(...this.#held(), byte);
        this.#matched = -1;
        this.#ending = byte === this.#separator[this.#ending]
          ? this.#ending + 1
          : Number(byte === this.#separator[0]);
        if (this.#ending < this.#separator.length) continue;
        this.#ending = 0;
        this.#matched = 0;
      }
    }
    return Uint8Array.from(passed);
  }

  /** What looked like the answer so far, and is to be passed after all. */
  #held(): Uint8Array {
    const held = this.#answer.subarray(0, Math.max(0, this.#matched));
    this.#matched = 0;
    return held;
  }
}

function holds(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = bytes.indexOf(part[0]); at !== -1; at = bytes.indexOf(part[0], at + 1)) {
    if (at + part.length <= bytes.length && part.every((byte, offset) => bytes[at + offset] === byte)) {
      return true;
    }
  }
  return false;
}
