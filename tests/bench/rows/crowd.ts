import type { Budget, Entry, Row } from "../row.ts";

/** What a message costs the server while more and more other connections are open: it should not matter. */
export const crowd: Row = crowdOf(openFilesLimit() > 9100 ? 9000 : 4000);

function crowdOf(most: number): Row {
  return {
    name: "crowd",
    title: "Time of the server's processors for a request of 64 B, on one of n connections",
    unit: "µs",
    limit: nameOf(10),
    entries: [10, 1000, most].map(entry),
    budgets: [1000, most].map(budget),
    notes: [
      "64 requests in flight on one connection, the others are silent; what the client pays is not in it.",
      ...(most === 9000 ? [] : ["9000 connections need a limit of at least 9100 open files (ulimit -n)."]),
    ],
  };
}

function entry(connections: number): Entry {
  return { name: nameOf(connections), module: "parley_crowd", work: { connections, inFlight: 64 } };
}

function budget(connections: number): Budget {
  return { text: "at most 1.3 x that of 10", of: nameOf(connections), against: nameOf(10), atMost: 1.3 };
}

function nameOf(connections: number): string {
  return `parley, ${connections} connected`;
}

/** How many files a process may have open; 0 where the system does not say it in a file. */
function openFilesLimit(): number {
  try {
    const limits = Deno.readTextFileSync("/proc/self/limits");
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
