/**
 * A Modbus RTU meter and who reads it: frames end with a pause and carry a checksum, both of which are codecs. The line is
 * a virtual one, so no meter is needed.
 *
 *     deno run -A examples/modbus.ts
 *
 * With a real one it is `serial("/dev/ttyUSB0", { baudRate: 9600, parity: "even", codec: modbusRtu() })`.
 *
 * @module
 */
import {
  checksum,
  type Codec,
  crc16Modbus,
  interByteTimeout,
  serial,
  type SerialClient,
} from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";

/** Modbus RTU: a frame is what comes until the line is quiet, and ends with the CRC-16 of the rest. */
export function modbusRtu(quietMs = 5): Codec {
  return checksum(interByteTimeout({ quietMs }), crc16Modbus);
}

/** Reads `count` holding registers from `first` on (function 3). @throws {Error} the device answers with an exception. */
export async function readRegisters(
  line: SerialClient,
  device: number,
  first: number,
  count: number,
): Promise<number[]> {
  const question = Uint8Array.of(device, READ, first >> 8, first & 0xff, count >> 8, count & 0xff);
  const answer = await line.ask(question, { timeoutMs: 1000 }) as Uint8Array;
  if (answer[1] !== READ) throw new Error(`Device ${device} refuses: exception ${answer[2]}`);
  const view = new DataView(answer.buffer, answer.byteOffset);
  return Array.from({ length: count }, (_, i) => view.getUint16(3 + 2 * i));
}

/** Reads a meter that does not exist, and returns what was seen. */
export async function main(): Promise<string[]> {
  await using pair = virtualSerialPair();
  await using _meter = await serial(pair.a.path, {
    codec: modbusRtu(),
    onReceive: (question: Uint8Array, peer) => peer.send(answer(question)),
  });
  await using line = await serial(pair.b.path, { baudRate: 9600, codec: modbusRtu() });
  const seen = [`registers 0 to 2: ${(await readRegisters(line, 1, 0, 3)).join(", ")}`];
  try {
    await readRegisters(line, 1, 100, 1);
  } catch (error) {
    seen.push((error as Error).message);
  }
  return seen;
}

/** The meter: three registers. */
function answer(question: Uint8Array): Uint8Array {
  const view = new DataView(question.buffer, question.byteOffset);
  const [first, count] = [view.getUint16(2), view.getUint16(4)];
  if (first + count > REGISTERS.length) return Uint8Array.of(question[0], READ | 0x80, NO_SUCH_REGISTER);
  const values = REGISTERS.slice(first, first + count).flatMap((value) => [value >> 8, value & 0xff]);
  return Uint8Array.of(question[0], READ, values.length, ...values);
}

const READ = 3;
const NO_SUCH_REGISTER = 2;
const REGISTERS = [2301, 125, 50];

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
