import { joinBytes } from "../join_bytes.ts";
import { CommandLineError } from "./failure.ts";

/**
 * The lines of standard input as they come, without their ends (LF, or CR LF); the last one needs none.
 *
 * @throws {CommandLineError} a line is longer than a message may be.
 */
export async function* inputLines(): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  let number = 1;
  for await (const chunk of chunks()) {
    let begin = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, begin)) {
      yield withoutCr(joinBytes([rest, chunk.subarray(begin, end)]));
      rest = new Uint8Array();
      begin = end + 1;
      number++;
    }
    rest = joinBytes([rest, chunk.subarray(begin)]);
    if (rest.length > MAX_MESSAGE_BYTES) throw tooLong(`Line ${number} of standard input`);
  }
  if (rest.length > 0) yield withoutCr(rest);
}

/**
 * All of standard input as one message; nothing when it is empty.
 *
 * @throws {CommandLineError} it is longer than a message may be.
 */
export async function* inputWhole(): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks()) {
    parts.push(chunk.slice());
    length += chunk.length;
    if (length > MAX_MESSAGE_BYTES) throw tooLong("Standard input");
  }
  if (length > 0) yield joinBytes(parts);
}

/** Good until the next one only. */
async function* chunks(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const length = await Deno.stdin.read(buffer);
    if (length === null) return;
    yield buffer.subarray(0, length);
  }
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

function tooLong(what: string): CommandLineError {
  return new CommandLineError(
    `${what} is longer than ${MAX_MESSAGE_BYTES} bytes, the longest message; parley monitor sends any amount`,
  );
}

/** The default of `limits.maxFrameBytes`: nothing longer could be sent. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
