/**
 * The rules of the transport kit about ends: half-closed, closed by us, gone on the other side. To add a rule: write
 * it, and add it to `TRANSPORT_END_RULES`.
 *
 * @module
 */
import { BrokenError, ClosedError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { expectBytes, expectEnd, expectReject, pattern } from "./transport_bytes.ts";
import type { RuleRun, TransportRule } from "./transport_subject.ts";

/** Every rule about ends. */
export const TRANSPORT_END_RULES: readonly TransportRule[] = Object.freeze([
  { name: "half close", check: checkHalfClose },
  { name: "close ends a read", check: checkCloseEndsRead },
  { name: "close ends a write", check: checkCloseEndsWrite },
  { name: "close again", check: checkCloseAgain },
  { name: "other side gone", check: checkOtherSideGone },
  { name: "other side gone during a write", check: checkGoneDuringWrite },
  { name: "nothing leaks", check: checkNothingLeaks },
]);

/** The most that is written before a write has to notice that nobody is there, in pieces of this many bytes. */
const GONE_WRITES = 2000;
const GONE_BYTES = 16 * 1024;
/** How often and in what rhythm it is looked whether everything is closed: systems close in the background. */
const LOOKS = 50;
const LOOK_MS = 10;

async function checkHalfClose(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  const last = pattern(run.settings.largestBytes, 5);
  const half = last.length >> 1;
  // The second one still waits for the first when closeWrite is called.
  const writing = run.begin(Promise.all([a.write(last.subarray(0, half)), a.write(last.subarray(half))]));
  const closing = run.begin(a.closeWrite());
  await expectBytes(run, b, last, "what was written before closeWrite");
  await run.during("see the writes resolve", writing);
  await run.during("see closeWrite resolve", closing);
  if (!a.isEndless) await expectEnd(run, b, "after closeWrite");
  for (const size of [1, 10_000]) {
    const back = pattern(size, 6);
    await Promise.all([
      b.write(back),
      expectBytes(run, a, back, `${size} bytes against a half-closed direction`),
    ]);
  }
  await run.during("see closeWrite resolve", b.closeWrite());
  if (!b.isEndless) await expectEnd(run, a, "after the other closeWrite");
}

async function checkCloseEndsRead(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  const reading = run.begin(a.read());
  await exchange(run, a, b); // the read is under way in the system by now
  a.close();
  const chunk = await run.during("see a read resolve that was under way at close", reading);
  if (chunk !== null) throw run.broken(`a read under way at close gave ${chunk.length} bytes, wanted null`);
  await expectEnd(run, a, "after close");
}

async function checkCloseEndsWrite(run: RuleRun): Promise<void> {
  const [a] = await run.open();
  const flood = pattern(run.settings.floodBytes, 7);
  const writes = [flood, Uint8Array.of(1), Uint8Array.of(2)].map((bytes) => run.begin(a.write(bytes)));
  a.close();
  for (const [at, write] of writes.entries()) {
    await expectReject(run, write, ClosedError, `write ${at} under way at close`);
  }
  await expectReject(run, a.write(Uint8Array.of(3)), ClosedError, "a write after close");
  await expectReject(run, a.write(new Uint8Array(0)), ClosedError, "an empty write after close");
}

async function checkCloseAgain(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  for (let times = 0; times < 3; times++) {
    for (const transport of [a, b]) closeQuietly(run, transport);
    await run.during("see closeWrite resolve after close", a.closeWrite());
  }
}

async function checkOtherSideGone(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  if (b.isEndless) return; // nobody is told when it goes
  const last = pattern(1000, 8);
  await run.during("write", b.write(last));
  b.close();
  await expectBytes(run, a, last, "what was written before the other side closed");
  await expectEnd(run, a, "after the other side closed");
  await expectBroken(run, a);
  await expectReject(run, a.write(Uint8Array.of(1)), BrokenError, "a write after one that failed");
  a.close();
}

async function checkGoneDuringWrite(run: RuleRun): Promise<void> {
  const [a, b] = await run.open();
  if (b.isEndless) return;
  const flood = run.begin(a.write(pattern(run.settings.floodBytes, 9)));
  const behind = run.begin(a.write(Uint8Array.of(1)));
  const first = await run.during("read", b.read());
  if (first === null) throw run.broken("read gave null while the other side writes");
  b.close();
  await expectReject(run, flood, BrokenError, "a write under way when the other side closes");
  await expectReject(run, behind, BrokenError, "the write behind it");
  try {
    await expectEnd(run, a, "after the other side closed");
  } catch (error) {
    if (!(error instanceof BrokenError)) throw error; // a reset, since bytes were left unread: that is news as well
  }
}

async function checkNothingLeaks(run: RuleRun): Promise<void> {
  const { rounds, countOpen } = run.settings;
  const before = countOpen?.() ?? 0;
  for (let round = 0; round < rounds; round++) {
    const [a, b] = await run.during(`open pair ${round}`, run.open());
    await Promise.all([
      a.write(Uint8Array.of(round)),
      expectBytes(run, b, Uint8Array.of(round), `pair ${round}`),
    ]);
    const reading = run.begin(b.read());
    const [first, second] = round % 2 === 0 ? [a, b] : [b, a];
    first.close();
    second.close();
    await run.during(`see the last read of pair ${round}`, reading);
  }
  if (countOpen === undefined) return;
  for (let look = 0; look < LOOKS && countOpen() > before; look++) {
    await run.during("see everything closed", new Promise((resolve) => setTimeout(resolve, LOOK_MS)));
  }
  const after = countOpen();
  if (after > before) {
    throw run.broken(`${after} are open after ${rounds} pairs were closed, ${before} were before`);
  }
}

/** Writes until the other end is noticed to be gone: the first write may still find room in a buffer. */
async function expectBroken(run: RuleRun, transport: Transport): Promise<void> {
  const piece = new Uint8Array(GONE_BYTES);
  for (let written = 0; written < GONE_WRITES; written++) {
    try {
      await run.during("see a write reject", transport.write(piece));
    } catch (error) {
      if (error instanceof BrokenError) return;
      throw run.broken(`a write to nobody has to reject with BrokenError, got ${String(error)}`);
    }
  }
  throw run.broken(`${GONE_WRITES} writes of ${GONE_BYTES} bytes resolved though the other side is gone`);
}

/** A byte against the direction of a read that is under way. */
async function exchange(run: RuleRun, from: Transport, to: Transport): Promise<void> {
  await run.during("write a byte", from.write(Uint8Array.of(1)));
  await expectBytes(run, to, Uint8Array.of(1), "a byte against a read under way");
}

function closeQuietly(run: RuleRun, transport: Transport): void {
  try {
    transport.close();
  } catch (error) {
    throw run.broken(`close threw ${String(error)}`, error);
  }
}
