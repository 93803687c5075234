import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { DrivenClient } from "./driven_client.ts";
import { type Cards, type Fault, FaultDeck, SERIAL_CARDS, TCP_CARDS } from "./fault_deck.ts";
import { SERIAL_TERMS, TCP_TERMS } from "./fault_limits.ts";
import { FaultProxy, stallMs } from "./fault_proxy.ts";
import { DrivenServer } from "./driven_server.ts";
import { SerialCable } from "./serial_cable.ts";
import { judge, type Verdict } from "./verdict.ts";

/** How a run is made. */
export interface Plan {
  /** What lies between clients and the server. */
  readonly line: "tcp" | "serial";
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
  /** What happens. Default: what can happen to such a line. */
  readonly cards?: Cards;
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

/** Drives load through proxies or cables while things break, lets it all settle, and compares what was told with what was done. */
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
  const isSerial = plan.line === "serial";
  const { faults: count, cards = isSerial ? SERIAL_CARDS : TCP_CARDS } = plan;
  const deck = new FaultDeck(count, cards, random);
  const endsAt = performance.now() + plan.seconds * 1000;
  const terms = isSerial ? { ...SERIAL_TERMS, ports: folder } : TCP_TERMS;
  const place = { folder, inFlight: plan.inFlight, terms, collapsed };
  await using stack = new AsyncDisposableStack();
  const own = Array.from({ length: plan.clients }, (_, index) => new SeededRandom(plan.seed * 1000 + index));
  const cables = isSerial ? own.map((random, index) => new SerialCable(random, { index, folder })) : [];
  const addresses = isSerial ? cables.map((cable) => cable.serverAddress) : ["tcp://127.0.0.1:0"];
  await using server = await DrivenServer.start(folder, collapsed, { ...terms, addresses });
  server.killed = () => {
    for (const cable of cables) cable.unlock();
    for (const client of clients) client.serverKilled();
  };
  const clients = await Promise.all(own.map(async (random, index) => {
    const way = cables[index] ?? await FaultProxy.open(() => server.port, random);
    return stack.use(await DrivenClient.start(`c${index}`, way, place, random));
  }));
  let isOver = false;
  const duplicates = await Promise.all(clients.map(async (client) => {
    try {
      for (let fault = deck.draw(); fault !== undefined && !isOver; fault = deck.draw()) {
        await strike(fault, client, server, random);
        if (/(kill|freeze) server|both|long freeze/.test(fault)) {
          for (const each of clients) each.brokenAt = undefined;
        }
        add(faults, fault);
        // Half of the faults hit while the client is still coming back from the one before.
        if (random.below(2) === 0) await client.answers(1 + random.below(200));
        isOver ||= performance.now() > endsAt;
      }
      await client.answers(100); // what stops breaking has to work again
      const { pending, duplicates, closeMs } = await client.finish();
      if (closeMs > CLOSE_MS) collapsed(`a client took ${closeMs} ms to close`);
      if (pending > 0) collapsed(`a client has ${pending} calls pending, though all have settled`);
      return duplicates;
    } catch (error) {
      isOver = true;
      collapsed(String(error));
      return 0;
    }
  }));
  const closeMs = await server.close();
  if (closeMs > CLOSE_MS) collapsed(`the server took ${closeMs} ms to close`);
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
  if (fault === "long freeze") {
    return await random.pick([client, server]).freeze(10_000 + random.below(30_000));
  }
  if (fault === "kill both") return void await Promise.all([server.restart(), client.restart()]);
  let at = await client.way.inject(fault);
  for (let attempt = 0; at === undefined && attempt < 100; attempt++) {
    await client.answers(1);
    at = await client.way.inject(fault);
  }
  if (at === undefined) throw new Error(`There was no link for "${fault}" in 100 attempts`);
  if (/reset|cut|unplug/.test(fault) && fault !== "early cut" && server.isUp) client.brokenAt = at;
}

/** How long closing may take, in milliseconds: `limits.closeMs` and a second. */
const CLOSE_MS = 6000;

function sum(counts: readonly Map<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => [...each])) add(all, name, count);
  return all;
}

function add<Name>(counts: Map<Name, number>, name: Name, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
