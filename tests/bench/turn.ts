import type { Entry, Measured, Work } from "./row.ts";
import { Side } from "./side.ts";

/** What a turn does where its entry says nothing else. */
const DEFAULT_WORK: Omit<Work, "warmUpMs" | "measureMs"> = Object.freeze({
  inFlight: 1,
  connections: 1,
  messageBytes: 64,
  argument: "bytes",
  answers: "promise",
  session: false,
  separator: "\n",
  line: "echo",
  linesPerSecond: 0,
  until: "prompt",
  directory: "",
});

/** How long a turn may take beside its own times, in milliseconds: starting two processes, thousands of connections. */
const SLACK_MS = 15_000;

/**
 * Runs one contestant once, each side in a fresh process. Both have ended when it resolves or rejects.
 *
 * @param times The times of the turn, and what else is the same for a whole run.
 * @param limitMs How long the turn may take, in milliseconds. Default: its own times and 15 s.
 * @throws {Error} a side ended early, or said nothing in time.
 */
export async function runTurn(
  entry: Entry,
  times: Pick<Work, "warmUpMs" | "measureMs"> & Partial<Work>,
  limitMs: number = times.warmUpMs + times.measureMs + SLACK_MS,
): Promise<Measured> {
  const work: Work = { ...DEFAULT_WORK, ...times, ...entry.work };
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {}); // it may come while the sides are being ended already
  const timer = setTimeout(
    () => late.reject(new Error(`"${entry.name}" did not finish its turn within ${limitMs} ms`)),
    limitMs,
  );
  try {
    return await runSides(entry, work, late.promise);
  } finally {
    clearTimeout(timer);
  }
}

async function runSides(entry: Entry, work: Work, late: Promise<never>): Promise<Measured> {
  const text = JSON.stringify(work);
  await using sides = new AsyncDisposableStack();
  const heard: Promise<unknown>[] = [];
  let address = "";
  if (entry.alone !== true) {
    const server = sides.use(new Side(entry, "serve", [text]));
    address = (await Promise.race([server.next(), late]) as { address: string }).address;
    heard.push(server.next());
  }
  const client = sides.use(new Side(entry, "drive", [text, address]));
  heard.push(client.next());
  for (const line of heard) line.catch(() => {}); // only the first one counts; the others fail when it is ended
  const measured = await Promise.race([...heard, late]) as Measured;
  if (typeof measured.value === "number" && measured.value > 0) return measured;
  throw new Error(`"${entry.name}" measured ${JSON.stringify(measured)}, a number above 0 is wanted`);
}
