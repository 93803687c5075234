import { Child } from "./child.ts";
import { TCP_TERMS } from "./fault_limits.ts";
import type { Figure } from "./resume_figure.ts";

/** A thousand clients lose their server at once: how long until all are back, and how much they crowd the new one. */
export async function measureStorm(options: { clients: number }): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "parley-faults-" });
  try {
    await using stack = new AsyncDisposableStack();
    const first = stack.use(server(0, `${folder}/server-1`));
    const port = await first.next("port", 30_000);
    const storm = stack.use(
      new Child("./storm_process.ts", [`tcp://127.0.0.1:${port}`, String(options.clients)]),
    );
    await storm.next("ready", 60_000);
    const watching = storm.next("watching", 10_000);
    await storm.tell({ watch: true });
    await watching;
    const back = storm.next("back", 60_000);
    await first[Symbol.asyncDispose](); // kill -9
    const second = stack.use(server(port, `${folder}/server-2`));
    await second.next("port", 30_000);
    const listensAt = Date.now();
    const { ups, retries, unanswered, answeredAt } = await back;
    const last = Math.max(...ups) - listensAt;
    const lines = [
      `${options.clients} clients in one process, the server killed and started again on its port`,
      `all back               ${last} ms after it listened`,
      `all answered           ${answeredAt - listensAt} ms after it listened, not answered ${unanswered}`,
      `most connects          ${mostWithin(ups, 100)} in any 100 ms`,
      `attempts waited for    ${retries}`,
    ];
    return { lines, isKept: unanswered === 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function server(port: number, path: string): Child {
  const told = { ...TCP_TERMS, addresses: [`tcp://127.0.0.1:${port}`], path };
  return new Child("./server_process.ts", [JSON.stringify(told)]);
}

/** The largest number of times within `ms`. */
export function mostWithin(times: readonly number[], ms: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  for (let start = 0, end = 0; end < sorted.length; end++) {
    while (sorted[end] - sorted[start] >= ms) start++;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
