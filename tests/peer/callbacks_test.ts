import {
  type Callbacks,
  connect,
  createClient,
  createServer,
  listen,
  type Peer,
  type Server,
} from "@parley/parley";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

Deno.test("Callbacks of several sets are called in the order in which they were added", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://chain"]) {
    const log = new Seen<string>();
    const set = (name: string): Callbacks<Server> => ({
      onInitialize: () => log.add(`${name} initialize`),
      onConnect: () => log.add(`${name} connect`),
      onReceive: (message) => log.add(`${name} receive ${message}`),
      onDisconnect: (_peer, reason) => log.add(`${name} disconnect ${reason.code}`),
    });
    await using server = createServer(address, set("1"));
    server.use(set("2"));
    server.use({ onReceive: () => log.add("3 receive") });
    await server.start();
    const client = await connect(server.address);
    await client.send("hi");
    assert.deepEqual(await log.take(7), [
      ...["1 initialize", "2 initialize", "1 connect", "2 connect"],
      ...["1 receive hi", "2 receive hi", "3 receive"],
    ]);
    await client.close();
    assert.deepEqual(await log.take(2), ["1 disconnect eof", "2 disconnect eof"]);
  }
});

Deno.test("Callbacks: onInitialize is called once, with the endpoint, before anything else", async () => {
  const log: string[] = [];
  await using server = createServer("memory://once", {
    onInitialize: (endpoint) => log.push(`server ${endpoint.address} ${endpoint.isListening}`),
  });
  assert.equal(log.length, 0, "not before the start");
  await server.start();
  await server.stop();
  await server.start();
  await using client = createClient(server.address, {
    onInitialize: (endpoint) => log.push(`client ${endpoint.state}`),
  });
  await client.start();
  await client.close();
  await client.start();
  assert.deepEqual(log, ["server memory://once false", "client connecting"]);
});

for (const hook of ["onInitialize", "onConnect", "onReceive", "onDisconnect"] as const) {
  for (const how of ["throws", "rejects"] as const) {
    Deno.test(`Callbacks: what ${hook} ${how} goes to onFail and hurts nobody`, async () => {
      const failed = new Seen<[Error & { callback?: string }, Peer | undefined]>();
      const others = new Seen<string>();
      const fail = () => {
        const error = new Error(`${hook} broke`);
        if (how === "throws") throw error;
        return Promise.reject(error);
      };
      await using server = await listen(`memory://${hook}-${how}`, {
        [hook]: fail,
        onFail: (error, peer) => failed.add([error, peer]),
      });
      server.use({ onInitialize: () => {}, [hook]: () => others.add(hook) });
      const client = await connect(server.address);
      const peer = [...server.peers][0];
      await client.send("one");
      if (hook !== "onDisconnect") {
        server.onRequest("alive", () => "yes");
        assert.equal(await client.request("alive"), "yes");
      }
      await client.close();
      const [error, from] = await failed.next();
      assert.equal(error.message, `${hook} broke`);
      assert.equal(error.callback, hook);
      assert.equal(from, hook === "onInitialize" ? undefined : peer);
      if (hook !== "onInitialize") {
        assert.equal(await others.next(), hook, "the next set is called all the same");
      }
      await using again = await connect(server.address);
      assert.equal(again.isOpen, true);
      assert.equal(failed.all.length, hook === "onConnect" ? 2 : 1);
    });
  }
}

/** Runs `work` and gives back what was announced by the global event meanwhile. */
async function announced(
  work: (events: Seen<{ error: Error; peer?: Peer }>) => Promise<void>,
): Promise<void> {
  const events = new Seen<{ error: Error; peer?: Peer }>();
  const listener = (event: Event) => events.add((event as CustomEvent).detail);
  globalThis.addEventListener("parley:fail", listener);
  try {
    await work(events);
  } finally {
    globalThis.removeEventListener("parley:fail", listener);
  }
}

Deno.test('Callbacks without onFail announce errors as the global event "parley:fail"', async () => {
  await announced(async (events) => {
    await using server = await listen("memory://announce", {
      onReceive: () => {
        throw new Error("nobody hears");
      },
    });
    await using client = await connect(server.address);
    await client.send("x");
    const { error, peer } = await events.next();
    assert.equal(error.message, "nobody hears");
    assert.equal(peer, [...server.peers][0]);
    assert.equal(client.isOpen, true);
  });
});

for (const how of ["throws", "rejects"] as const) {
  Deno.test(`Callbacks: an onFail that ${how} hurts nobody and is announced`, async () => {
    await announced(async (events) => {
      const heard = new Seen<string>();
      await using server = await listen(`memory://fail-${how}`, {
        onReceive: (message) => {
          throw new Error(`cannot take ${message}`);
        },
        onFail: () => {
          const error = new Error("onFail broke");
          if (how === "throws") throw error;
          return Promise.reject(error);
        },
      });
      server.use({ onFail: (error) => heard.add(error.message) });
      server.onRequest("alive", () => "yes");
      await using client = await connect(server.address);
      await client.send("x");
      assert.equal((await events.next()).error.message, "onFail broke");
      assert.equal(await heard.next(), "cannot take x");
      assert.equal(await client.request("alive"), "yes");
    });
  });
}

Deno.test("Callbacks: what is thrown need not be an Error", async () => {
  const failed = new Seen<Error>();
  const thrown: unknown[] = ["text", undefined, 7, Object.freeze(new Error("frozen")), Object.create(null)];
  await using server = await listen("memory://thrown", {
    onReceive: (index) => {
      throw thrown[Number(index)];
    },
    onFail: failed.add,
  });
  await using client = await connect(server.address);
  for (const index of thrown.keys()) await client.send(index);
  const messages = (await failed.take(thrown.length)).map((error) => error.message);
  assert.deepEqual(messages, [
    "text",
    "Thrown value: undefined",
    "Thrown value: 7",
    "frozen",
    "Thrown value: object",
  ]);
});

Deno.test("Callbacks: onReceive sees every message in order, one that answers an ask too", async () => {
  const seen: string[] = [];
  await using server = await listen("memory://every", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(`<${line}>`),
  });
  await using client = await connect(server.address, {
    dialect: "lines",
    onReceive: (line) => seen.push(line),
  });
  await client.ask("a");
  await client.send("b");
  await client.receive();
  await client.ask("c");
  assert.deepEqual(seen, ["<a>", "<b>", "<c>"]);
});

Deno.test("Callbacks that are no functions or have unknown names are refused", async () => {
  assert.throws(() => createServer("memory://x", { onReceive: "print" } as object), {
    name: "TypeError",
    message: 'Cannot use "print" as "onReceive": a function is wanted',
  });
  await using server = createServer("memory://x");
  assert.throws(() => server.use({ onRecieve: () => {} } as object), {
    name: "TypeError",
    message: 'Unknown option "onRecieve" of use(); did you mean "onReceive"?',
  });
});

Deno.test("a set of callbacks can be taken out again", async () => {
  const heard: string[] = [];
  await using server = await listen("memory://taken-out", {
    onReceive: (text: string) => void heard.push(`first ${text}`),
  });
  const takeOut = server.use({ onReceive: (text: string) => void heard.push(`second ${text}`) });
  await using client = await connect("memory://taken-out");
  await client.send("1", { ack: true });
  takeOut();
  takeOut();
  await client.send("2", { ack: true });
  assert.deepEqual(heard, ["first 1", "second 1", "first 2"]);
});
