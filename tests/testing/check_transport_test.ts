import assert from "node:assert/strict";
import { BrokenError, ClosedError } from "../../src/errors.ts";
import {
  checkTransport,
  type TransportCheck,
  TransportRuleError,
} from "../../src/testing/check_transport.ts";
import { TRANSPORT_BYTE_RULES } from "../../src/testing/transport_byte_rules.ts";
import { TRANSPORT_END_RULES } from "../../src/testing/transport_end_rules.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import type { Transport } from "../../src/transport/transport.ts";

const SMALL = { floodBytes: 2 * 1024 * 1024, largestBytes: 100_000, rounds: 5 };

/** The rule that a transport breaks that differs from the right one as given. */
async function ruleBrokenBy(
  change: (right: Transport) => Partial<Transport>,
  check: Partial<TransportCheck> = {},
): Promise<string> {
  const pair = (): Promise<[Transport, Transport]> => {
    const [a, b] = memoryPair();
    return Promise.resolve([altered(a, change(a)), altered(b, change(b))]);
  };
  try {
    await checkTransport({ pair, ...SMALL, ...check });
  } catch (error) {
    assert.ok(error instanceof TransportRuleError, String(error));
    assert.ok(error.message.startsWith(`Transport breaks the rule "${error.rule}": `), error.message);
    return error.rule;
  }
  return "none";
}

/** The same where a rule is broken by waiting for ever: only that rule runs, with a short deadline. */
function ruleHungBy(rule: string, change: (right: Transport) => Partial<Transport>): Promise<string> {
  const names = [...TRANSPORT_BYTE_RULES, ...TRANSPORT_END_RULES].map(({ name }) => name);
  return ruleBrokenBy(change, { skip: names.filter((name) => name !== rule), deadlineMs: 100 });
}

function altered(right: Transport, change: Partial<Transport>): Transport {
  return {
    remoteAddress: right.remoteAddress,
    localAddress: right.localAddress,
    isLocal: right.isLocal,
    read: () => right.read(),
    write: (bytes) => right.write(bytes),
    closeWrite: () => right.closeWrite(),
    close: () => right.close(),
    ...change,
  };
}

Deno.test("checkTransport passes a transport that keeps the contract", async () => {
  assert.equal(await ruleBrokenBy(() => ({})), "none");
});

Deno.test("checkTransport finds a byte that gets lost", async () => {
  const dropping = (right: Transport) => ({
    write: (bytes: Uint8Array) => right.write(bytes.subarray(0, 99_999)),
  });
  assert.equal(await ruleHungBy("bytes arrive", dropping), "bytes arrive");
});

Deno.test("checkTransport finds a byte that changes on its way", async () => {
  const read = async (right: Transport) =>
    (await right.read())?.map((byte) => byte === 255 ? 0 : byte) ?? null;
  assert.equal(await ruleBrokenBy((right) => ({ read: () => read(right) })), "bytes arrive");
});

Deno.test("checkTransport finds a read that gives no bytes", async () => {
  const nothing = { read: () => Promise.resolve(new Uint8Array(0)) };
  assert.equal(await ruleBrokenBy(() => nothing), "bytes arrive");
});

Deno.test("checkTransport finds an empty write that ends the stream", async () => {
  const ending = (right: Transport) => ({
    write: (bytes: Uint8Array) => bytes.length === 0 ? right.closeWrite() : right.write(bytes),
  });
  assert.equal(await ruleBrokenBy(ending), "empty write");
});

Deno.test("checkTransport finds an empty write that never resolves, and says what it waits for", async () => {
  const hanging = (right: Transport) => ({
    write: (bytes: Uint8Array) => bytes.length === 0 ? new Promise<void>(() => {}) : right.write(bytes),
  });
  assert.equal(await ruleHungBy("empty write", hanging), "empty write");
  const [a, b] = memoryPair();
  const pair = () => Promise.resolve<[Transport, Transport]>([altered(a, hanging(a)), b]);
  const check = checkTransport({ pair, skip: ["bytes arrive"], deadlineMs: 100 });
  await assert.rejects(check, { detail: "after 100 ms it still waits to write 0 bytes" });
});

Deno.test("checkTransport finds writes that mix", async () => {
  const mixing = (right: Transport) => ({
    write: async (bytes: Uint8Array) => {
      await right.write(bytes.subarray(0, 100));
      await right.write(bytes.subarray(100));
    },
  });
  assert.equal(await ruleBrokenBy(mixing), "writes keep order");
});

Deno.test("checkTransport finds a write that resolves before its bytes were taken", async () => {
  const lazy = (right: Transport) => {
    const waiting: Uint8Array[] = [];
    let busy = Promise.resolve();
    return {
      write(bytes: Uint8Array): Promise<void> {
        waiting.push(bytes);
        busy = busy.then(turns).then(() => right.write(waiting.shift()!)).catch(() => {});
        return Promise.resolve();
      },
    };
  };
  assert.equal(await ruleBrokenBy(lazy), "written memory is free");
});

Deno.test("checkTransport finds a chunk that changes before the next read", async () => {
  const volatile = (right: Transport) => ({
    async read() {
      const chunk = await right.read();
      turns().then(() => chunk?.fill(0));
      return chunk;
    },
  });
  assert.equal(await ruleBrokenBy(volatile), "read memory");
});

Deno.test("checkTransport finds a write that does not wait for the reader", async () => {
  const pair = () => Promise.resolve(memoryPair({ capacityBytes: Infinity }));
  assert.equal(await ruleBrokenBy(() => ({}), { pair }), "back-pressure");
});

Deno.test("checkTransport finds a write that waits for ever", async () => {
  const pair = () => Promise.resolve(memoryPair({ capacityBytes: 1000 }));
  const stuck = (right: Transport) => ({
    write: (bytes: Uint8Array) => bytes.length > 1e6 ? new Promise<void>(() => {}) : right.write(bytes),
  });
  assert.equal(await ruleBrokenBy(() => ({}), { pair }), "none");
  assert.equal(await ruleHungBy("back-pressure", stuck), "back-pressure");
});

Deno.test("checkTransport finds a closeWrite that does nothing, closes all, or overtakes a write", async () => {
  const nothing = { closeWrite: () => Promise.resolve() };
  assert.equal(await ruleHungBy("half close", () => nothing), "half close");
  const all = (right: Transport) => ({ closeWrite: () => Promise.resolve(right.close()) });
  assert.equal(await ruleBrokenBy(all), "half close");
  const overtaking = (right: Transport) => ({
    write: async (bytes: Uint8Array) => {
      if (bytes.length === SMALL.largestBytes / 2) await turns();
      await right.write(bytes);
    },
  });
  assert.equal(await ruleBrokenBy(overtaking), "half close");
});

Deno.test("checkTransport finds a read that close rejects, or leaves waiting", async () => {
  const rejecting = (right: Transport) => {
    const closed = Promise.withResolvers<never>();
    closed.promise.catch(() => {});
    return {
      read: () => Promise.race([right.read(), closed.promise]),
      close: () => (closed.reject(new Error("Interrupted")), right.close()),
    };
  };
  assert.equal(await ruleBrokenBy(rejecting), "close ends a read");
  const waiting = (right: Transport) => ({
    read: async () => await right.read() ?? await new Promise<null>(() => {}),
  });
  assert.equal(await ruleHungBy("close ends a read", waiting), "close ends a read");
});

Deno.test("checkTransport finds a write that close leaves waiting, or rejects with another error", async () => {
  const waiting = (right: Transport) => ({
    write: (bytes: Uint8Array) =>
      right.write(bytes).catch((error) =>
        error instanceof ClosedError ? new Promise<void>(() => {}) : Promise.reject(error)
      ),
  });
  assert.equal(await ruleHungBy("close ends a write", waiting), "close ends a write");
  const other = (right: Transport) => ({
    write: (bytes: Uint8Array) =>
      right.write(bytes).catch(() => Promise.reject(new BrokenError("io", "Gone"))),
  });
  assert.equal(await ruleBrokenBy(other), "close ends a write");
});

Deno.test("checkTransport finds a close that throws the second time", async () => {
  const strict = (right: Transport) => {
    let closed = false;
    return {
      close() {
        if (closed) throw new Error("Bad resource");
        closed = true;
        right.close();
      },
    };
  };
  assert.equal(await ruleBrokenBy(strict), "close again");
});

Deno.test("checkTransport finds writes to nobody that resolve, or reject with another error", async () => {
  const ignoring = (right: Transport) => ({
    write: (bytes: Uint8Array) =>
      right.write(bytes).catch((error) => error instanceof BrokenError ? undefined : Promise.reject(error)),
  });
  assert.equal(await ruleBrokenBy(ignoring), "other side gone");
  const other = (right: Transport) => ({
    write: (bytes: Uint8Array) =>
      right.write(bytes).catch((error) =>
        Promise.reject(error instanceof BrokenError ? new Error("EPIPE") : error)
      ),
  });
  assert.equal(await ruleBrokenBy(other), "other side gone");
});

Deno.test("checkTransport finds a write that waits on when the other side goes", async () => {
  const deaf = (right: Transport) => ({
    write: (bytes: Uint8Array) => {
      const write = right.write(bytes);
      if (bytes.length < SMALL.floodBytes) return write;
      return write.catch((error) =>
        error instanceof BrokenError ? new Promise<void>(() => {}) : Promise.reject(error)
      );
    },
  });
  assert.equal(await ruleHungBy("other side gone during a write", deaf), "other side gone during a write");
});

Deno.test("checkTransport finds what stays open", async () => {
  let opened = 0;
  const countOpen = () => opened++;
  assert.equal(await ruleBrokenBy(() => ({}), { countOpen }), "nothing leaks");
});

Deno.test("checkTransport cleans up after a failure, and names a pair that cannot be opened", async () => {
  let cleaned = 0;
  const pair = () => Promise.reject(new BrokenError("refused", "No"));
  const check = checkTransport({ pair, cleanup: () => void cleaned++ });
  await assert.rejects(check, { rule: "bytes arrive", detail: "failed to open a pair: BrokenError: No" });
  assert.equal(cleaned, 1);
});

Deno.test("checkTransport refuses to skip a rule that it does not have", async () => {
  const check = checkTransport({ pair: () => Promise.resolve(memoryPair()), skip: ["half closed"] });
  await assert.rejects(check, {
    name: "TypeError",
    message: /^Cannot skip the rule "half closed": .*"half close"/,
  });
});

/** Long enough for what others do with a chunk at once. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await null;
}
