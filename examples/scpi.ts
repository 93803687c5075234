/**
 * SCPI, the language of most laboratory instruments, as a dialect of its own: lines of text, and blocks of bytes such as
 * `#3100…` where an oscilloscope answers with a curve. The instrument here is a simulated one.
 *
 *     deno run --allow-net examples/scpi.ts
 *
 * With a real one it is `connect("tcp://10.0.0.7:5025", { dialect: scpi })`, or `serial("/dev/ttyUSB0", { dialect: scpi })`.
 *
 * @module
 */
import {
  type Client,
  type Codec,
  connect,
  defineDialect,
  frameTooLarge,
  lines,
  listen,
  ProtocolError,
  type ReceiveBuffer,
  type Server,
  TimeoutError,
  UsageRangeError,
  UsageTypeError,
} from "@parley/parley";

// ---- the dialect

/** What is said in SCPI: a line of text, or a block of bytes. */
export type Said = string | Uint8Array;

/** SCPI: every line is a message, and so is every block. */
export const scpi = defineDialect<Said>({
  name: "scpi",
  correlation: "none",
  open: ({ limits }) => ({
    codec: new ScpiCodec(limits.maxFrameBytes),
    read: (value) => ({ kind: "message", value }),
    write(message) {
      if (message.kind === "message" && isSaid(message.value)) return message.value;
      throw new UsageTypeError('Cannot send this in the dialect "scpi": it carries a line of text, or bytes');
    },
  }),
});

/** Lines that end with LF (a CR before it is dropped), and blocks: `#`, a digit, as many digits of length, the bytes. */
class ScpiCodec implements Codec<Said> {
  readonly #maxFrameBytes: number;
  readonly #lines: Codec<string>;
  /** Bytes at the front that are known to hold no LF: none is looked at twice. */
  #looked = 0;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#lines = lines({ maxFrameBytes });
  }

  decode(buffer: ReceiveBuffer): Said | undefined {
    while (buffer.length > 0 && isLineEnd(buffer.byteAt(0))) buffer.skip(1); // also the one behind a block
    if (buffer.length < 2) return undefined;
    const digits = buffer.byteAt(0) === HASH ? buffer.byteAt(1) - ZERO : NaN;
    if (digits >= 1 && digits <= 9) return this.#takeBlock(buffer, 2 + digits);
    const line = this.#takeLine(buffer);
    if (line === undefined) return undefined;
    return digits === 0 ? line.subarray(2) : DECODER.decode(line).trimEnd(); // #0: bytes up to the line end
  }

  encode(said: Said): Uint8Array {
    if (typeof said === "string") return this.#lines.encode(said);
    if (said.length > this.#maxFrameBytes) {
      throw new UsageRangeError(
        `Cannot send ${said.length} bytes: at most ${this.#maxFrameBytes} are allowed`,
      );
    }
    const length = String(said.length);
    return Uint8Array.from([...ENCODER.encode(`#${length.length}${length}`), ...said, LF]);
  }

  #takeLine(buffer: ReceiveBuffer): Uint8Array | undefined {
    const end = buffer.indexOf(LF, this.#looked);
    this.#looked = end === -1 ? buffer.length : 0;
    if ((end === -1 ? buffer.length : end) > this.#maxFrameBytes) {
      throw this.#tooLarge(this.#maxFrameBytes + 1);
    }
    return end === -1 ? undefined : buffer.take(end);
  }

  #takeBlock(buffer: ReceiveBuffer, start: number): Uint8Array | undefined {
    if (buffer.length < start) return undefined;
    const digits = DECODER.decode(buffer.peek(start - 2, 2));
    if (!/^\d+$/.test(digits)) {
      throw new ProtocolError("bad_block", `Block with the length "${digits}": digits are wanted`);
    }
    const length = Number(digits);
    if (length > this.#maxFrameBytes) throw this.#tooLarge(length);
    if (buffer.length < start + length) return undefined;
    buffer.skip(start);
    return buffer.take(length);
  }

  #tooLarge(bytes: number): ProtocolError {
    return frameTooLarge(bytes, this.#maxFrameBytes, { fatal: true });
  }
}

const [LF, CR, HASH, ZERO] = [0x0a, 0x0d, 0x23, 0x30];
const [ENCODER, DECODER] = [new TextEncoder(), new TextDecoder()];

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR;
}

function isSaid(value: unknown): value is Said {
  return typeof value === "string" || value instanceof Uint8Array;
}

// ---- how it is used

/**
 * Says one thing to an instrument: a command, or a question, whose answer is returned.
 *
 * @throws {Error} what the instrument says is wrong with it, such as `-222,"Data out of range"`.
 */
export async function tell(instrument: Client, words: string): Promise<Said | undefined> {
  let answer: Said | undefined;
  let timeout: TimeoutError | undefined;
  try {
    if (isQuestion(words)) answer = await instrument.ask(words, { timeoutMs: 3000 }) as Said;
    else await instrument.send(words);
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    timeout = error; // questions that make no sense have no answer
  }
  let error = await instrument.ask("SYST:ERR?");
  while (!isError(error)) error = await instrument.receive({ timeoutMs: 3000 }); // an answer that came too late
  if (Number.parseInt(error) !== 0) throw new Error(`${words}: ${error}`, { cause: timeout });
  if (timeout !== undefined) throw timeout;
  return answer;
}

/** A question has its mark behind the header: `*IDN?`, `MEAS:VOLT? 10`; one in quotes is text. */
function isQuestion(words: string): boolean {
  return words.replace(/"[^"]*"|'[^']*'/g, "").includes("?");
}

/** What `SYST:ERR?` is answered with: `0,"No error"`. */
function isError(answer: unknown): answer is string {
  return typeof answer === "string" && /^[+-]?\d+,\s*"/.test(answer);
}

/** Measures with an instrument that does not exist, and returns what was seen. */
export async function main(): Promise<string[]> {
  await using oscilloscope = await simulatedOscilloscope();
  await using link = await connect(oscilloscope.address, { dialect: scpi });
  const seen = [`talking to ${await tell(link, "*IDN?")}`];
  await tell(link, "TIM:SCAL 0.001");
  const curve = await tell(link, "CURV?") as Uint8Array;
  seen.push(`a curve of ${curve.length} points from ${Math.min(...curve)} to ${Math.max(...curve)}`);
  await tell(link, "TIM:SCAL never").catch((error) => seen.push(error.message));
  return seen;
}

// ---- an instrument

/** Listens as an oscilloscope that shows one period of a sine. */
function simulatedOscilloscope(): Promise<Server> {
  const errors: string[] = [];
  const curve = Uint8Array.from(
    { length: 100 },
    (_, at) => Math.round(128 + 100 * Math.sin(at / 50 * Math.PI)),
  );
  return listen("tcp://127.0.0.1:0", {
    dialect: scpi,
    onReceive: (words: Said, peer) => {
      const [command, argument] = String(words).toUpperCase().split(" ");
      if (command === "*IDN?") return peer.send("PARLEY,DSO-1,0001,1.0");
      if (command === "CURV?") return peer.send(curve);
      if (command === "SYST:ERR?") return peer.send(errors.shift() ?? '0,"No error"');
      if (command !== "TIM:SCAL") errors.push('-113,"Undefined header"');
      else if (Number.isNaN(Number(argument))) errors.push('-104,"Data type error"');
    },
  });
}

// deno-lint-ignore no-console
if (import.meta.main) { for (const line of await main()) console.log(line); }
