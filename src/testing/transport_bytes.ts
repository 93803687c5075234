/**
 * Reading and comparing bytes for the rules of the transport kit.
 *
 * @module
 */
import type { Transport } from "../transport/transport.ts";
import type { RuleRun } from "./transport_subject.ts";

/** Bytes in which every place can be told from its neighbours, and each `stream` from the others. */
export function pattern(count: number, stream: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    bytes[at] = (at * 7 + (at >> 8) * 13 + (at >> 16) * 29 + stream * 101) & 0xff;
  }
  return bytes;
}

/** Reads until `wanted` has arrived; more, less or other bytes break the rule. */
export async function expectBytes(
  run: RuleRun,
  transport: Transport,
  wanted: Uint8Array,
  what: string,
): Promise<void> {
  for (let at = 0; at < wanted.length;) {
    const chunk = await run.during(`read ${what}, byte ${at} of ${wanted.length}`, transport.read());
    if (chunk === null) throw run.broken(`${what}: read gave null after ${at} of ${wanted.length} bytes`);
    checkChunk(run, chunk);
    if (at + chunk.length > wanted.length) {
      throw run.broken(`${what}: ${at + chunk.length} bytes arrived, ${wanted.length} were written`);
    }
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === wanted[at + i]) continue;
      throw run.broken(
        `${what}: byte ${at + i} of ${wanted.length} is ${chunk[i]}, ${wanted[at + i]} was written`,
      );
    }
    at += chunk.length;
  }
}

/** The next read has to tell that no more will come. */
export async function expectEnd(run: RuleRun, transport: Transport, when: string): Promise<void> {
  const chunk = await run.during(`read the end ${when}`, transport.read());
  if (chunk !== null) throw run.broken(`read gave ${chunk.length} bytes ${when}, wanted null`);
}

/** What a read gave has to be bytes, at least one. */
export function checkChunk(run: RuleRun, chunk: unknown): void {
  if (!(chunk instanceof Uint8Array)) {
    throw run.broken(`read gave ${String(chunk)}, wanted a Uint8Array or null`);
  }
  if (chunk.length === 0) throw run.broken("read gave 0 bytes, wanted at least 1, or null at the end");
}

/** Waits for `work` to reject with an error of this class. */
export async function expectReject(
  run: RuleRun,
  work: Promise<unknown>,
  Wanted: abstract new (...args: never[]) => Error,
  what: string,
): Promise<void> {
  let error: unknown;
  try {
    await run.during(`see ${what} reject`, work);
  } catch (thrown) {
    error = thrown;
  }
  if (error instanceof Wanted) return;
  const got = error === undefined ? "it resolved" : `got ${String(error)}`;
  throw run.broken(`${what} has to reject with ${Wanted.name}, ${got}`);
}
