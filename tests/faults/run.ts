import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { DrivenClient } from "./driven_client.ts";
import { type Fault, FaultDeck } from "./fault_deck.ts";
import { stallMs } from "./fault_proxy.ts";
import { DrivenServer } from "./driven_server.ts";
import { judge, type Verdict } from "./verdict.ts";

/** How a run is made. */
export interface Plan {
  /** Equal seeds make equal choices; where exactly a fault hits depends on the machine as well. */
  readonly seed: number;
  /** How many faults happen at most. */
  readonly faults: number;
  /** After how long no more faults begin. */
  readonly seconds: number;
  /** How many client processes there are. */
  readonly clients: number;
  /** How many operations each client has under way. */
  readonly inFlight: number;
}

/** What came of a run. */
export interface Outcome {
  /** What the journals say. */
  readonly verdict: Verdict;
  /** How often each fault happened. */
  readonly faults: Map<Fault, number>;
  /** From a reset or a cut to the resumed session, in milliseconds, sorted. */
  readonly resumeMs: number[];
  /** How many links came up with their session going on. */
  readonly resumed: number;
  /** How many links came up with a new session, first ones included. */
  readonly fresh: number;
  /** Why links ended, and how often. */
  readonly downs: Map<string, number>;
  /** Frames that came twice and were ignored, in the clients. */
  readonly duplicates: number;
  /** What went wrong beside the journals: a process that ended, a client that got no answers any more. */
  readonly problems: string[];
}

/** Drives load through proxies while things break, lets it all settle, and compares what was told with what was done. */
export async function run(plan: Plan): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "parley-faults-" });
  try {
    const problems: string[] = [];
    const faults = new Map<Fault, number>();
    const ended = await breakThings(plan, folder, faults, (what) => problems.push(what));
    const { server, clients } = ended;
    return {
      faults,
      problems,
      verdict: await judge(server.journals, clients.flatMap((client) => client.journals)),
      resumeMs: clients.flatMap((client) => client.resumeMs).sort((a, b) => a - b),
      resumed: clients.reduce((count, client) => count + client.resumed, 0),
      fresh: clients.reduce((count, client) => count + client.fresh, 0),
      downs: sum(clients.map((client) => client.downs)),
      duplicates: ended.duplicates,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The run itself: all its processes have ended when it is over, and their journals are complete. */
async function breakThings(
  plan: Plan,
  folder: string,
  faults: Map<Fault, number>,
  collapsed: (what: string) => void,
): Promise<{ server: DrivenServer; clients: DrivenClient[]; duplicates: number }> {
  const random = new SeededRandom(plan.seed);
  const deck = new FaultDeck(plan.faults, random);
  const endsAt = performance.now() + plan.seconds * 1000;
  const place = { folder, inFlight: plan.inFlight, collapsed };
  await using server = await DrivenServer.start(folder, collapsed);
  await using stack = new AsyncDisposableStack();
  const clients = await Promise.all(Array.from({ length: plan.clients }, async (_, index) => {
    const own = new SeededRandom(plan.seed * 1000 + index);
    return stack.use(await DrivenClient.start(`c${index}`, () => server.port, place, own));
  }));
  let isOver = false;
  const duplicates = await Promise.all(clients.map(async (client) => {
    try {
      for (let fault = deck.draw(); fault !== undefined && !isOver; fault = deck.draw()) {
        await strike(fault, client, server, random);
        if (fault.endsWith("server")) { for (const each of clients) each.brokenAt = undefined; }
        add(faults, fault);
        // Half of the faults hit while the client is still coming back from the one before.
        if (random.below(2) === 0) await client.answers(1 + random.below(200));
        isOver ||= performance.now() > endsAt;
      }
      await client.answers(100); // what stops breaking has to work again
      const { pending, duplicates } = await client.finish();
      if (pending > 0) collapsed(`a client has ${pending} calls pending, though all have settled`);
      return duplicates;
    } catch (error) {
      isOver = true;
      collapsed(String(error));
      return 0;
    }
  }));
  return { server, clients, duplicates: duplicates.reduce((count, some) => count + some, 0) };
}

/** Makes one fault happen; a link that is down at the moment is waited for. */
async function strike(
  fault: Fault,
  client: DrivenClient,
  server: DrivenServer,
  random: SeededRandom,
): Promise<void> {
  client.brokenAt = undefined; // the time until it is back would be that of two faults
  if (fault === "kill server") return await server.restart();
  if (fault === "kill client") return await client.restart();
  if (fault === "freeze server") return await server.freeze(stallMs(random));
  if (fault === "freeze client") return await client.freeze(stallMs(random));
  let at = await client.proxy.inject(fault);
  for (let attempt = 0; at === undefined && attempt < 100; attempt++) {
    await client.answers(1);
    at = await client.proxy.inject(fault);
  }
  if (at === undefined) throw new Error(`There was no link for "${fault}" in 100 attempts`);
  if ((fault === "reset" || fault === "cut") && server.isUp) client.brokenAt = at;
}

function sum(counts: readonly Map<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => [...each])) add(all, name, count);
  return all;
}

function add<Name>(counts: Map<Name, number>, name: Name, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
