import assert from "node:assert/strict";
import {
  type AnswersBegun,
  AnswerTable,
  type Client,
  connect,
  createClient,
  group,
  listen,
  RemoteError,
  type Server,
  showValue,
  TimeoutError,
} from "../../mod.ts";

/** A server with so many named drones, which leave without waiting long for their handlers. */
async function fleetOf(count: number): Promise<{ fleet: Server; drones: Client[] } & AsyncDisposable> {
  const fleet = await listen("tcp://127.0.0.1:0");
  const drones: Client[] = [];
  for (let number = 1; number <= count; number++) {
    const drone = await connect(fleet.address, { limits: { closeMs: 50 } });
    drone.onRequest("id", () => number);
    drones.push(drone);
  }
  while (fleet.peers.size < count) await fleet.nextPeer();
  for (const peer of fleet.peers) peer.name = `drone-${await peer.request("id")}`;
  const close = async () => {
    await Promise.all(drones.map((drone) => drone.close()));
    await fleet.close();
  };
  return { fleet, drones, [Symbol.asyncDispose]: close };
}

Deno.test("server.request asks all peers and resolves with a table, the fastest answer first", async () => {
  await using world = await fleetOf(3);
  const gates = world.drones.map(() => Promise.withResolvers<void>());
  world.drones.forEach((drone, index) =>
    drone.onRequest("battery", async () => {
      await gates[index].promise;
      gates[index - 1]?.resolve(); // the last one first, and each after the one behind it
      return 14 + index;
    })
  );
  gates[2].resolve();
  const table = await world.fleet.request<number>("battery");
  assert.ok(table instanceof AnswerTable);
  assert.deepEqual(table.rows.map(({ name }) => name), ["drone-3", "drone-2", "drone-1"]);
  assert.deepEqual(table.values, [16, 15, 14]);
  assert.equal(table.ok, true);
  assert.deepEqual(table.failed, []);
  for (const row of table) assert.ok(row.ms > 0 && world.fleet.peers.has(row.peer));
});

Deno.test("a peer that fails, is silent or leaves is a row, and the table still comes", async () => {
  await using world = await fleetOf(4);
  const [good, bad, silent, leaving] = world.drones;
  good.onRequest("battery", () => 14.1);
  bad.onRequest("battery", () => {
    throw new Error("no gauge");
  });
  silent.onRequest("battery", () => new Promise(() => {}));
  leaving.onRequest("battery", () => {
    leaving.close();
    return new Promise(() => {});
  });
  const table = await world.fleet.request("battery", [], { timeoutMs: 1500 });
  assert.equal(table.ok, false);
  assert.deepEqual(table.values, [14.1]);
  const errors = Object.fromEntries(table.failed.map(({ name, error }) => [name, error]));
  assert.ok(errors["drone-2"] instanceof RemoteError);
  assert.match(errors["drone-2"].message, /no gauge/);
  assert.ok(errors["drone-3"] instanceof TimeoutError);
  assert.equal(errors["drone-4"].name, "BrokenError");
  assert.equal(table.rows.at(-1)!.name, "drone-3", "the laggard is last");
  const laggard = table.failed.find(({ name }) => name === "drone-3")!;
  assert.ok(laggard.isOpen && laggard.silentMs! > 0);
  assert.match(
    showValue(table),
    /^ {2}drone-3 {2}TimeoutError after \S+ m?s \(connected, last heard \S+ m?s ago\)$/m,
  );
});

Deno.test("for await gives each answer when it comes, and leaving the loop calls off the others", async () => {
  await using world = await fleetOf(3);
  const [quick, ...slow] = world.drones;
  quick.onRequest("battery", () => 1);
  const called = slow.map((drone) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    drone.onRequest("battery", (call) => {
      call.signal.addEventListener("abort", () => resolve());
      return new Promise(() => {});
    });
    return promise;
  });
  const answers = world.fleet.request("battery");
  for await (const row of answers) {
    assert.deepEqual([row.name, row.value], ["drone-1", 1]);
    assert.deepEqual(answers.rows.length, 1);
    break;
  }
  await Promise.all(called);
  const table = await answers;
  assert.deepEqual(table.failed.map(({ error }) => error.name), ["CancelledError", "CancelledError"]);
});

Deno.test("a signal ends the wait: what has come is kept, and the others are rows that say so", async () => {
  await using world = await fleetOf(3);
  const stop = new AbortController();
  world.drones[1].onRequest("battery", () => 2);
  for (const each of [0, 2]) world.drones[each].onRequest("battery", () => new Promise(() => {}));
  const answers = world.fleet.request("battery", [], { signal: stop.signal });
  for await (const _ of answers) {
    stop.abort(new Error("enough"));
    if (answers.rows.length === 3) break;
  }
  const table = await answers;
  assert.deepEqual(table.values, [2]);
  assert.match(table.failed[0].error.message, /was cancelled: enough/);
});

Deno.test("200 peers at once, 3 of them silent, with a table in time and nothing left behind", async () => {
  await using world = await fleetOf(200);
  world.drones.forEach((drone, index) =>
    drone.onRequest("battery", () => index < 3 ? new Promise(() => {}) : index)
  );
  const table = await world.fleet.request<number>("battery", [], { timeoutMs: 2000 });
  assert.equal(table.length, 200);
  assert.deepEqual(table.failed.map(({ name }) => name).sort(), ["drone-1", "drone-2", "drone-3"]);
  assert.deepEqual(
    table.values.toSorted((a, b) => a - b),
    Array.from({ length: 197 }, (_, index) => index + 3),
  );
  for (const peer of world.fleet.peers) assert.equal(peer.pending, 0, peer.name);
});

Deno.test("concurrency is how many wait at once", async () => {
  await using world = await fleetOf(7);
  let waiting = 0, most = 0;
  for (const drone of world.drones) {
    drone.onRequest("battery", async () => {
      most = Math.max(most, ++waiting);
      await Promise.resolve();
      waiting--;
      return 1;
    });
  }
  const table = await world.fleet.request("battery", [], { concurrency: 2 });
  assert.equal(table.values.length, 7);
  assert.ok(most <= 2, `${most} at once`);
});

Deno.test("a group is of clients, peers, servers, lists and groups, each asked once", async () => {
  await using one = await fleetOf(2);
  await using two = await fleetOf(1);
  two.fleet.onRequest("id", () => "two");
  const all = group(
    one.fleet,
    one.fleet.peers,
    [...one.fleet.peers],
    group(two.drones[0]),
    two.fleet.peers.values(),
  );
  assert.equal(all.peers.length, 4);
  const table = await all.request("id");
  assert.deepEqual(table.values.map(String).toSorted(), ["1", "1", "2", "two"]);
  await one.drones[0].close();
  while (one.fleet.peers.size > 1) await one.fleet.peers.values().next().value!.request("id").catch(() => {});
  const names = (await group(one.fleet).request("id")).rows.map(({ name }) => name);
  assert.deepEqual(names, ["drone-2"], "a server stands for the peers it has now");
});

Deno.test("a link that is down is a row at once, and nobody at all is an empty table that is not ok", async () => {
  const down = createClient("tcp://127.0.0.1:9");
  const table = await group(down).request("id");
  assert.equal((table.failed[0].error as Error & { code: string }).code, "not_connected");
  await using server = await listen("memory://nobody");
  const nobody = await server.request("id");
  assert.deepEqual([nobody.length, nobody.ok], [0, false]);
  assert.equal(showValue(nobody), 'request "id": nobody was called, there is no link');
});

Deno.test("ask, send and action of a group", async () => {
  await using server = await listen("memory://lines", {
    dialect: "lines",
    onReceive: (line, peer) => line.endsWith("?") && peer.send(`${line} yes`),
  });
  await using a = await connect("memory://lines", { dialect: "lines" });
  await using b = await connect("memory://lines", { dialect: "lines" });
  assert.deepEqual((await group(a, b).ask("on?")).values, ["on? yes", "on? yes"]);
  assert.ok((await group(server).send("all")).ok);
  assert.deepEqual([await a.receive(), await b.receive()].sort(), ["all", "all"]);

  await using world = await fleetOf(2);
  const landed: number[] = [];
  world.drones.forEach((drone, index) => drone.onAction("land", () => void landed.push(index)));
  assert.ok((await group(world.fleet).action("land", [], { ack: true })).ok);
  assert.deepEqual(landed.sort(), [0, 1]);
});

Deno.test("what is wrong with the call itself is told as for one link, with the nearest thing", async () => {
  await using server = await listen("memory://wrong", { dialect: "lines" });
  await using client = await connect("memory://wrong", { dialect: "lines" });
  await assert.rejects(async () => await server.request("battery"), {
    name: "TypeError",
    message: /dialect "lines": it has no requests; use ask\(\)/,
  });
  await assert.rejects(async () => {
    for await (const _ of group(client).request("battery")) assert.fail("a wrong call has no rows");
  }, /use ask\(\)/);
  const mixed = await fleetOf(1);
  const table = await group(client, mixed.drones[0]).request("id", [], { timeoutMs: 1000 });
  assert.equal(table.rows.at(-1)!.error?.name, "TypeError", "beside others it is a row");
  await mixed[Symbol.asyncDispose]();
  assert.throws(() => server.request(""), /the name of an action or a request is a text/);
  assert.throws(() => server.request("x", [], { timoutMs: 1 } as object), /did you mean "timeoutMs"/);
  assert.throws(() => server.request("x", [], { concurrency: 0 }), RangeError);
  assert.throws(() => server.request("x", [], { key: "k" } as object), /Unknown option "key"/);
  assert.throws(() => group(Promise.resolve(client) as never), /await the link first/);
  assert.throws(() => group("tcp://x" as never), /Cannot group "tcp:\/\/x"/);
});

Deno.test("a name is for tables, and is a text of up to 100 characters", async () => {
  await using server = await listen("memory://name");
  await using client = await connect("memory://name");
  assert.equal(client.name, client.address);
  client.name = "desk";
  assert.equal(client.name, "desk");
  assert.throws(() => client.name = "", TypeError);
  assert.throws(() => client.name = "x".repeat(101), RangeError);
  assert.equal(client.address, server.address);
});

Deno.test("whoever listens to parley:answers sees each row before it is awaited, and can call the rest off", async () => {
  await using world = await fleetOf(2);
  const seen: string[] = [];
  const onBegin = (event: Event) => {
    const { what, names, watch, stop } = (event as CustomEvent<AnswersBegun>).detail;
    seen.push(what, ...names);
    watch(({ name }) => {
      seen.push(`row ${name}`);
      stop(new Error("one will do"));
    });
  };
  world.drones[0].onRequest("battery", () => new Promise(() => {}));
  world.drones[1].onRequest("battery", () => 2);
  globalThis.addEventListener("parley:answers", onBegin);
  const table = await world.fleet.request("battery");
  globalThis.removeEventListener("parley:answers", onBegin);
  seen.push("table");
  const names = [...world.fleet.peers].map(({ name }) => name);
  assert.deepEqual(seen, ['request "battery"', ...names, "row drone-2", "row drone-1", "table"]);
  assert.match(table.failed[0].error.message, /one will do/);
});

Deno.test("a table shows nothing of a peer that could drive a terminal, one line for each row", async () => {
  await using world = await fleetOf(2);
  world.drones[0].onRequest("evil", () => ({ "\x1b[2J": "\x1b]0;owned\x07\n\n" + "long ".repeat(100) }));
  world.drones[1].onRequest("evil", () => {
    throw new Error("two\nlines \x1b[31m\u202e");
  });
  for (const peer of world.fleet.peers) peer.name += "\x1b[H";
  const table = await world.fleet.request("evil");
  for (const text of [showValue(table), Deno.inspect(table), showValue(table, { colors: true })]) {
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(text.replaceAll(/\x1b\[\d+m/g, ""), /[\x00-\x09\x0b-\x1f\u202e]/);
    assert.equal(text.split("\n").length, 3);
  }
});
