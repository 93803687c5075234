import { connect } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { percentile } from "./report.ts";
import { DrivenServer } from "./driven_server.ts";
import type { Figure } from "./resume_figure.ts";

/**
 * Links that go dead without a word, in one direction or in both: how long until the client knows it, with
 * `heartbeatMs` at one second.
 *
 * @param options `rounds`: how many links.
 */
export async function measureHalfOpen(options: { rounds: number; seed: number }): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "parley-faults-" });
  const problems: string[] = [];
  try {
    await using server = await DrivenServer.start(folder, (what) => problems.push(what));
    const noticed = await Promise.all(Array.from(
      { length: options.rounds },
      (_, index) => notice(server.port, new SeededRandom(options.seed * 1000 + index)),
    ));
    const figures = (values: number[]) => {
      // A client that still hears the server is not in doubt: it is told by the server that that one hears nothing.
      const sorted = values.filter((ms) => !isNaN(ms)).toSorted((a, b) => a - b);
      return `p50 ${percentile(sorted, 0.5)} ms, most ${percentile(sorted, 1)} ms, of ${sorted.length}`;
    };
    const lines = [
      `${options.rounds} links gone dead without a word, heartbeatMs: 1000`,
      `dead to "stale"     ${figures(noticed.map(({ staleMs }) => staleMs))}`,
      `dead to "down"      ${figures(noticed.map(({ downMs }) => downMs))}`,
      `dead to resumed     ${figures(noticed.map(({ resumedMs }) => resumedMs))}`,
      ...problems.map((text) => `PROBLEM: ${text}`),
    ];
    return { lines, isKept: problems.length === 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** One link, which dies at a random moment between two heartbeats. */
async function notice(
  port: number,
  random: SeededRandom,
): Promise<Record<"staleMs" | "downMs" | "resumedMs", number>> {
  await using proxy = await FaultProxy.open(() => port, random);
  const at = { stale: NaN, down: NaN };
  const resumed = Promise.withResolvers<number>();
  await using _client = await connect(`tcp://127.0.0.1:${proxy.port}`, {
    limits: { heartbeatMs: 1000 },
    reconnect: true,
    onFail: () => {}, // a link that dies is what this is about
    onEvent: (event) => {
      if (event.kind === "stale" || event.kind === "down") at[event.kind] = performance.now();
      if (event.kind === "up" && event.resumed) resumed.resolve(performance.now());
    },
  });
  await new Promise((resolve) => setTimeout(resolve, random.below(2000)));
  await proxy.inject(random.below(2) === 0 ? "half-open" : "black hole");
  const since = performance.now();
  const resumedMs = await resumed.promise - since;
  return { staleMs: at.stale - since, downMs: at.down - since, resumedMs };
}
