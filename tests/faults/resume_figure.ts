import { connect } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FAULT_LIMITS } from "./fault_limits.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { readJournal } from "./journal.ts";
import { percentile } from "./report.ts";
import { DrivenServer } from "./driven_server.ts";

/** A measured figure as lines of text, and whether the promises beside it were kept. */
export interface Figure {
  /** What people read. */
  readonly lines: readonly string[];
  /** False when something was lost, doubled or not answered. */
  readonly isKept: boolean;
}

const IN_FLIGHT = 1000;
const EMPTY = new Uint8Array();

/**
 * Cuts a link with 1000 requests in flight, again and again: how long until the session goes on, and until the last
 * of the 1000 is answered. Each has to be executed exactly once.
 */
export async function measureResume(options: { rounds: number; seed: number }): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "parley-faults-" });
  const random = new SeededRandom(options.seed);
  const problems: string[] = [];
  const resumedMs: number[] = [];
  const answeredMs: number[] = [];
  try {
    await using server = await DrivenServer.start(folder, (what) => problems.push(what));
    await using proxy = await FaultProxy.open(() => server.port, random);
    let resumed = Promise.withResolvers<void>();
    await using client = await connect(`tcp://127.0.0.1:${proxy.port}`, {
      limits: FAULT_LIMITS,
      reconnect: true,
      onFail: () => {}, // links that are cut are what this is about
      onEvent: (event) => {
        if (event.kind === "up" && event.resumed) resumed.resolve();
        if (event.kind === "up" && !event.resumed && !event.first) problems.push("a session was not resumed");
      },
    });
    for (let round = 0; round < options.rounds; round++) {
      resumed = Promise.withResolvers();
      // Longer than it takes to send them all: when the link is cut, all 1000 are somewhere on the way.
      const answers = Promise.all(Array.from(
        { length: IN_FLIGHT },
        (_, index) =>
          client.request("run", [`request:resume:${round}.${index}`, EMPTY, 30 + random.below(40)]),
      ));
      await new Promise((resolve) => setTimeout(resolve, random.below(30)));
      const cutAt = await proxy.inject("reset"); // a "cut" would wait for more bytes to come
      if (cutAt === undefined) throw new Error(`Round ${round}: there was no link to cut`);
      const since = performance.now() - (Date.now() - cutAt);
      await resumed.promise;
      resumedMs.push(performance.now() - since);
      await answers;
      answeredMs.push(performance.now() - since);
    }
    const executions = new Map<string, number>();
    for await (const [, id] of readJournal(server.journals[0])) {
      executions.set(id, (executions.get(id) ?? 0) + 1);
    }
    const doubled = [...executions.values()].filter((count) => count !== 1).length;
    const wanted = options.rounds * IN_FLIGHT;
    const lines = [
      `${options.rounds} cuts with ${IN_FLIGHT} requests in flight, reconnect: true`,
      `cut to resumed          ${figures(resumedMs)}`,
      `cut to the last answer  ${figures(answeredMs)} (a handler takes 30 to 70 ms)`,
      `requests executed       ${executions.size} of ${wanted}, more than once ${doubled}`,
      ...problems.map((text) => `PROBLEM: ${text}`),
    ];
    return { lines, isKept: executions.size === wanted && doubled === 0 && problems.length === 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function figures(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  return `p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms, ` +
    `most ${percentile(sorted, 1)} ms`;
}
