/**
 * The recordings of the original programs, as they talked to each other: what each scenario has sent, and what the
 * originals handed to their applications. Where a chunk ends, and how directions interleave, is what one run showed.
 *
 * @module
 */
import { fromHex } from "../conversation.ts";

/** The systems that were recorded. */
export type System = "leads" | "oneline" | "serpy" | "serpy2" | "clever-show";

/** Bytes that one end has written: `c2s` is from the end that connected. */
export interface Chunk {
  readonly dir: "c2s" | "s2c";
  readonly bytes: Uint8Array;
  /** Which connection, counted from 1, where there are several. */
  readonly conn: number;
}

/** What an original handed to its application; the other members depend on `event`. */
export interface Delivered {
  readonly event: string;
  // deno-lint-ignore no-explicit-any -- what is recorded depends on the event
  readonly [member: string]: any;
}

/** One run of the originals. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly transcript: readonly Chunk[];
  /** By end: `server`, `client`, or `client1`, `client2` … */
  readonly delivered: Readonly<Record<string, readonly Delivered[]>>;
  /** True when the original behaves badly here: its bytes are what may come, and not what it delivered is right. */
  readonly isBug: boolean;
  /** All members of the recording as they are, such as `mode`, `encoding`, `separator_hex`. */
  // deno-lint-ignore no-explicit-any -- they differ by system
  readonly raw: Readonly<Record<string, any>>;
}

/** Reads the recording of a system. */
export function recording(system: System): { readonly scenarios: readonly Scenario[] } {
  const file = new URL(`../../fixtures/wire/${system}.json`, import.meta.url);
  const { scenarios } = JSON.parse(Deno.readTextFileSync(file));
  return { scenarios: scenarios.map(scenarioOf) };
}

/** The scenario of that name. */
export function scenario(system: System, name: string): Scenario {
  const found = recording(system).scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`No scenario "${name}" of ${system}`);
  return found;
}

/** All bytes that one end has written on one connection, joined: those are exact. */
export function sentBy({ transcript }: Scenario, dir: "c2s" | "s2c", conn = 1): Uint8Array {
  const chunks = transcript.filter((chunk) => chunk.dir === dir && chunk.conn === conn);
  const joined = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of chunks) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}

// deno-lint-ignore no-explicit-any -- straight out of the file
function scenarioOf(raw: any): Scenario {
  return {
    name: raw.name,
    description: raw.description,
    transcript: raw.transcript.map((
      { dir, hex, conn = 1 }: { dir: "c2s" | "s2c"; hex: string; conn?: number },
    ) => ({
      dir,
      bytes: fromHex(hex),
      conn,
    })),
    delivered: raw.delivered,
    isBug: raw.reference_bug === true,
    raw,
  };
}
