// deno-lint-ignore-file no-console
/**
 * What this process has open before and after it has used many lines, as JSON. It is a process of its own since others
 * that run beside it, such as tests, would be counted as well.
 *
 * @module
 */
import { type VirtualSerialPair, virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import { failure, open, take } from "./open_lines.ts";

/** What {@linkcode main} prints: counts of each, in the order in which they were taken. */
export interface Counts {
  /** Descriptors of ports and of waits: nothing yet, with a pair, after many lines, after many pairs, with nothing again. */
  readonly descriptors: number[];
  /** The threads of the process: with 2 lines open, and with 64 that all wait. */
  readonly threads: number[];
  /** The codes of the refusals on the way, each once. */
  readonly codes: string[];
}

const REFUSED = ["/dev/no-such-port", "/dev/null", "/"];

async function countDescriptors(codes: Set<string>): Promise<number[]> {
  // The sockets are the runtime's own.
  const count = () => descriptors().filter((leadsTo) => /^(\/dev\/pt|anon_inode:)/.test(leadsTo)).length;
  const refuse = async (path: string, settings = {}) => {
    codes.add((await failure(open(path, settings))).code!);
  };
  {
    await using pair = virtualSerialPair();
    (await open(pair.a.path)).close(); // loads what stays loaded
    for (const path of REFUSED) await refuse(path);
  }
  const counts = [count()];
  const pair = virtualSerialPair();
  counts.push(count());
  for (let round = 0; round < 300; round++) {
    const line = await open(pair.a.path);
    const reading = round % 3 === 0 ? line.read() : undefined;
    if (round % 2 === 0) await refuse(pair.a.path);
    line.close();
    await reading;
    if (round % 50 !== 0) continue;
    for (const path of REFUSED) await refuse(path);
    await refuse(pair.b.path, { dtr: true });
  }
  counts.push(count());
  for (let round = 0; round < 20; round++) {
    const line = await open(pair.a.path);
    await pair.a.unplug();
    await failure(line.read());
    line.close();
    await pair.a.plug();
    await virtualSerialPair().close();
  }
  counts.push(count());
  await pair.close();
  return [...counts, count()];
}

/** What the descriptors of this process lead to. */
function descriptors(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      return ""; // that of the folder, which is closed again
    }
  });
}

async function countThreads(): Promise<number[]> {
  const count = () => Number(/^Threads:\s+(\d+)/m.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
  const pairs: VirtualSerialPair[] = [];
  const lines: SerialLine[] = [];
  const echoes: Promise<void>[] = [];
  const counts: number[] = [];
  await Deno.readTextFile("/proc/self/status"); // files take threads of their own
  while (lines.length < 64) {
    const pair = virtualSerialPair();
    const far = await open(pair.b.path);
    pairs.push(pair);
    echoes.push(echo(far));
    lines.push(await open(pair.a.path), far);
    if (lines.length === 2) counts.push(count());
  }
  const near = lines.filter((_line, at) => at % 2 === 0);
  const reads = near.map((line) => take(line, 1000));
  await Deno.readTextFile("/proc/self/status"); // goes on while all of them wait
  counts.push(count());
  await Promise.all(near.map((line, at) => line.write(new Uint8Array(1000).fill(at))));
  for (const [at, bytes] of (await Promise.all(reads)).entries()) {
    if (bytes.length !== 1000 || bytes.some((byte) => byte !== at)) {
      throw new Error(`Line ${at} brought others`);
    }
  }
  for (const line of lines) line.close();
  await Promise.all(echoes);
  await Promise.all(pairs.map((pair) => pair.close()));
  return counts;
}

/** Sends back what comes, until the line is closed. */
async function echo(line: SerialLine): Promise<void> {
  for (let chunk = await line.read(); chunk !== null; chunk = await line.read()) {
    await line.write(chunk.slice());
  }
}

if (import.meta.main) {
  const codes = new Set<string>();
  const counts: Counts = {
    threads: await countThreads(),
    descriptors: await countDescriptors(codes),
    codes: [...codes].sort(),
  };
  console.log(JSON.stringify(counts));
}
