import type { Client } from "../../mod.ts";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import type { Operation } from "./operation.ts";

/**
 * Does one operation, and checks its answer.
 *
 * @returns What is wrong with the answer, if anything is. @throws what the library rejects with.
 */
export async function perform(
  client: Client,
  { kind, id, timeoutMs }: Operation,
  random: SeededRandom,
): Promise<string | undefined> {
  const payload = random.bytes(random.below(random.below(40) === 0 ? 30_000 : 60));
  const request = async (options: { key?: string; resend?: "always" | "never"; signal?: AbortSignal }) =>
    wrong(await client.request("run", [id, payload], { timeoutMs, ...options }), id, payload);
  switch (kind) {
    case "request":
    case "short":
      return await request({});
    case "keyed":
      // Asked twice at once, it is handled once.
      return (await Promise.all(random.pick([[id], [id, id]]).map((key) => request({ key }))))[0];
    case "always":
    case "never":
      return await request({ resend: kind });
    case "cancelled":
      return await givenUp(request, random);
    case "send":
      await client.send([id, payload], { ack: true, timeoutMs });
      return;
    case "plain":
    case "queued":
      await client.send([id, payload], { timeoutMs, queue: kind === "queued" });
      return;
    case "action":
      await client.action("act", [id, payload], { ack: true, timeoutMs });
      return;
    case "back":
      return wrong(await client.request("back", [id, payload], { timeoutMs }), id, payload);
    case "stream":
      return await parts(client, id, timeoutMs, random);
  }
}

function wrong(answer: unknown, id: string, payload: Uint8Array): string | undefined {
  if (Array.isArray(answer) && answer[0] === id && answer[1] === payload.length) return undefined;
  return `wanted [${id}, ${payload.length}], got ${JSON.stringify(answer)}`;
}

/** The caller gives up after a random time: before the request has left, while it is handled, or after the answer. */
async function givenUp(
  request: (options: { signal: AbortSignal }) => Promise<string | undefined>,
  random: SeededRandom,
): Promise<string | undefined> {
  const caller = new AbortController();
  const timer = setTimeout(() => caller.abort(), random.below(30));
  try {
    return await request({ signal: caller.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Every part once and in order, up to the end. */
async function parts(
  client: Client,
  id: string,
  timeoutMs: number,
  random: SeededRandom,
): Promise<string | undefined> {
  const count = random.below(30);
  let next = 0;
  for await (const part of client.stream("parts", [id, count, random.below(2000)], { timeoutMs })) {
    if (part[0] !== id || part[1] !== next) return `wanted part ${next} of ${id}, got ${part[0]} ${part[1]}`;
    next++;
  }
  return next === count ? undefined : `wanted ${count} parts, got ${next}`;
}
