import { listen, serial, type SerialClient } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { type VirtualSerialPair, virtualSerialPair } from "../../src/testing/virtual_serial_pair.ts";
import { percentile } from "./report.ts";
import type { Figure } from "./resume_figure.ts";

/** Requests that are made at each rate of noise, and how many of them at once. */
const REQUESTS = 10_000;
const AT_ONCE = 64;
/** How many of the bytes are changed on the way. */
const RATES = [0, 1e-4, 1e-3, 1e-2];

/**
 * A serial line with two Parleys and noise on it: 10,000 requests at each rate, all of which have to be answered
 * rightly and handled once; then the device is unplugged and plugged in under another name, again and again: how long
 * until it is noticed, and until the link is back.
 *
 * @param options `rounds`: how often it is unplugged.
 */
export async function measureSerial(options: { rounds: number; seed: number }): Promise<Figure> {
  const random = new SeededRandom(options.seed);
  let rate = 0;
  await using pair = virtualSerialPair({ noise: (bytes) => rate === 0 ? bytes : flip(bytes, rate, random) });
  const noise: string[] = [];
  for (rate of RATES) noise.push(await requests(pair));
  rate = 0;
  const plugs = await replug(pair, options.rounds);
  const isKept = [...noise, ...plugs].every((line) => !line.includes("PROBLEM"));
  const lines = noise.map((line, i) => `bytes changed ${String(RATES[i]).padEnd(7)} ${line}`);
  return { lines: [...lines, ...plugs], isKept };
}

/** Changes one bit in `rate` of the bytes. */
function flip(bytes: Uint8Array, rate: number, random: SeededRandom): Uint8Array {
  const noisy = bytes.slice();
  const of = Math.round(1 / rate);
  for (let i = 0; i < noisy.length; i++) if (random.below(of) === 0) noisy[i] ^= 1 << random.below(8);
  return noisy;
}

async function requests(pair: VirtualSerialPair): Promise<string> {
  const handled = new Map<number, number>();
  await using server = await listen(`serial:${pair.a.path}`, { dialect: "native" });
  server.onRequest("double", (_call, value: number) => {
    handled.set(value, (handled.get(value) ?? 0) + 1);
    return 2 * value;
  });
  await using client = await serial(pair.b.path, { dialect: "native" });
  const start = performance.now();
  let next = 0;
  let wrong = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < REQUESTS) {
      const value = next++;
      if (await client.request("double", [value]) !== 2 * value) wrong++;
    }
  }));
  const seconds = (performance.now() - start) / 1000;
  const once = [...handled.values()].filter((count) => count === 1).length;
  const problem = wrong > 0 || once !== REQUESTS ? "PROBLEM: " : "";
  return `${problem}${REQUESTS} requests in ${
    seconds.toFixed(1)
  } s, ${wrong} answered wrongly, ${once} handled once`;
}

async function replug(pair: VirtualSerialPair, rounds: number): Promise<string[]> {
  const noticed: number[] = [];
  const back: number[] = [];
  const problems: string[] = [];
  let down = Promise.withResolvers<void>();
  await using _device = await serial(pair.a.path, { onReceive: (line, peer) => peer.send(line) });
  await using port: SerialClient = await serial(pair.b.path, {
    baudRate: 9600,
    reconnect: true,
    ports: pair.ports,
    onDisconnect: () => down.resolve(),
    onOpen: (port) => port.ask("hello"),
  });
  await port.update({ baudRate: 57_600 });
  for (let round = 0; round < rounds; round++) {
    down = Promise.withResolvers();
    const before = port.path;
    let at = performance.now();
    await pair.b.unplug();
    await down.promise;
    noticed.push(performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, (round * 37) % 1000)); // a hand is no machine
    at = performance.now();
    await pair.b.plug();
    await port.ready;
    back.push(performance.now() - at);
    if (port.path === before) problems.push(`PROBLEM: round ${round} came back under the same name`);
    if (port.settings.baudRate !== 57_600) problems.push(`PROBLEM: round ${round} lost the rate`);
    const answer = await port.ask(`round ${round}`);
    if (answer !== `round ${round}`) problems.push(`PROBLEM: round ${round} was answered "${answer}"`);
  }
  return [
    `${rounds} times unplugged and plugged in: noticed after ${figures(noticed)}`,
    `back after ${figures(back)}`,
    ...problems,
  ];
}

function figures(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `p50 ${percentile(sorted, 0.5)} ms, most ${percentile(sorted, 1)} ms`;
}
