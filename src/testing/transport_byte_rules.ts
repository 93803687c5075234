/**
 * The rules of the transport kit about bytes on their way. To add a rule: write it, and add it to
 * `TRANSPORT_BYTE_RULES`.
 *
 * @module
 */
import { joinBytes } from "../join_bytes.ts";
import { SeededRandom } from "./seeded_random.ts";
import { checkChunk, expectBytes, pattern } from "./transport_bytes.ts";
import type { RuleRun, TransportRule } from "./transport_subject.ts";

/** Every rule about bytes on their way, in the order in which a transport in the making meets them. */
export const TRANSPORT_BYTE_RULES: readonly TransportRule[] = Object.freeze([
  { name: "bytes arrive", check: checkBytesArrive },
  { name: "empty write", check: checkEmptyWrite },
  { name: "writes keep order", check: checkWritesKeepOrder },
  { name: "written memory is free", check: checkWrittenMemory },
  { name: "read memory", check: checkReadMemory },
  { name: "back-pressure", check: checkBackPressure },
]);

/** How many writes are started at once. */
const WRITES = 200;
/** The longest of them, in bytes: above what one read takes. */
const WRITE_BYTES = 100_000;
/** How many bytes go back and forth while a write has to wait. */
const TURNS = 300;

/** Whole and in order, both ways at the same time. */
async function checkBytesArrive(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  for (const size of [1, 64 * 1024, run.settings.largestBytes]) {
    const [there, back] = [pattern(size, 1), pattern(size, 2)];
    await Promise.all([
      a.write(there),
      b.write(back),
      expectBytes(run, b, there, `${size} bytes there`),
      expectBytes(run, a, back, `${size} bytes back`),
    ]);
  }
}

async function checkEmptyWrite(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  await run.during("write 0 bytes", a.write(new Uint8Array(0)));
  await run.during("write 1 byte", a.write(Uint8Array.of(7)));
  await expectBytes(run, b, Uint8Array.of(7), "1 byte after an empty write");
}

async function checkWritesKeepOrder(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  const random = new SeededRandom(run.settings.seed);
  const most = Math.min(WRITE_BYTES, run.settings.largestBytes);
  const pieces = Array.from({ length: WRITES }, (_, at) => pattern(random.below(most), at));
  const all = joinBytes(pieces);
  await Promise.all([
    ...pieces.map((piece) => a.write(piece)),
    expectBytes(run, b, all, `${WRITES} writes at once`),
  ]);
}

/** Once a write has resolved, its memory is the caller's again. */
async function checkWrittenMemory(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  const memory = pattern(1000, 3);
  const wanted = new Uint8Array(memory);
  await run.during("write 1000 bytes", a.write(memory));
  memory.fill(0);
  await expectBytes(run, b, wanted, "bytes whose memory was used again after the write");
}

/** What a read gave stays as it is until the next read, whatever arrives meanwhile. */
async function checkReadMemory(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  for (let round = 0; round < 20; round++) {
    await run.during("write", a.write(pattern(600, round)));
    let left = 600;
    while (left > 0) {
      const chunk = await run.during("read", b.read());
      if (chunk === null) throw run.broken("read gave null while the other side is open");
      checkChunk(run, chunk);
      left -= chunk.length;
      if (left > 0) continue;
      const kept = new Uint8Array(chunk);
      await run.during("write more", a.write(pattern(600, round + 100)));
      await echo(run, a, b); // the loop turns, so that what arrives could be written over the chunk
      await run.during("turn the loop", new Promise((resolve) => setTimeout(resolve, 0)));
      const at = kept.findIndex((byte, index) => byte !== chunk[index]);
      if (at !== -1) throw run.broken(`byte ${at} of a chunk changed before the next read`);
    }
    await expectBytes(run, b, pattern(600, round + 100), "what arrived meanwhile");
  }
}

/** A write waits for a reader that does not read, and goes on when it does. */
async function checkBackPressure(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  const flood = pattern(run.settings.floodBytes, 4);
  let settled = false;
  const writing = run.begin(a.write(flood).finally(() => settled = true));
  for (let turn = 0; turn < TURNS && !settled; turn++) await echo(run, a, b);
  if (settled) {
    await writing;
    throw run.broken(`a write of ${flood.length} bytes resolved while the other side read nothing`);
  }
  await expectBytes(run, b, flood, "the write that waited");
  await run.during("see the write resolve", writing);
}

/** One byte from `b` to `a`: a turn of the loop that does not touch what goes the other way. */
async function echo(run: RuleRun, a: { read(): Promise<Uint8Array | null> }, b: {
  write(bytes: Uint8Array): Promise<void>;
}): Promise<void> {
  await run.during("write a byte the other way", b.write(Uint8Array.of(1)));
  const byte = await run.during("read a byte the other way", a.read());
  if (byte === null) throw run.broken("read gave null while the other side is open");
  checkChunk(run, byte);
}
