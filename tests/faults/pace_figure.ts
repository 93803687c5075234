import { listen, serial, type SerialClient } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { percentile } from "./report.ts";
import type { Figure } from "./resume_figure.ts";
import { SerialCable } from "./serial_cable.ts";

/** The rates, in bits per second. */
const RATES = [1200, 9600, 115_200, 3_000_000];
/** How long the bytes of a measurement take on the line, in seconds. */
const SECONDS = 10;
const REQUESTS = 20;
/** Below `limits.maxFrameBytes`. */
const MOST_BYTES = 1_000_000;

/**
 * Two Parleys on a line without noise, on which bytes take as long as on a real one: how long opening and a small
 * request take, and what share of the line is payload in one large answer, and in one large request.
 */
export async function measurePace(options: { seed: number }): Promise<Figure> {
  const lines: string[] = [];
  for (const baudRate of RATES) lines.push(await atRate(baudRate, new SeededRandom(options.seed)));
  return { lines, isKept: true };
}

async function atRate(baudRate: number, random: SeededRandom): Promise<string> {
  await using cable = new SerialCable(random, { baudRate });
  const shared = { dialect: "native", baudRate } as const;
  await using server = await listen(`serial:${cable.a.path}`, shared);
  server.onRequest("turn", (_call, _bytes: Uint8Array, count: number) => new Uint8Array(count));
  const start = performance.now();
  await using client = await serial(cable.b.path, shared);
  const openMs = performance.now() - start;
  const smallMs: number[] = [];
  for (let i = 0; i < REQUESTS; i++) smallMs.push(await turn(client, 0, 0));
  const bytes = Math.min(baudRate / 10 * SECONDS, MOST_BYTES);
  const share = (ms: number) => `${(bytes * 1_000_000 / baudRate / ms).toFixed(1)} %`;
  const answered = share(await turn(client, 0, bytes));
  const sent = share(await turn(client, bytes, 0));
  const small = `${percentile(smallMs.sort((a, b) => a - b), 0.5)} ms`;
  return `${String(baudRate).padStart(7)} baud  open after ${
    Math.round(openMs)
  } ms, a small request ${small}, ` +
    `${bytes} bytes: ${answered} of the line as answer, ${sent} as request`;
}

/** How long it takes in milliseconds to send `bytes` and to get `count` back. */
async function turn(client: SerialClient, bytes: number, count: number): Promise<number> {
  const start = performance.now();
  const answer = await client.request("turn", [new Uint8Array(bytes), count], { timeoutMs: 120_000 });
  if ((answer as Uint8Array).length !== count) throw new Error("The answer is not as long as was asked for");
  return performance.now() - start;
}
