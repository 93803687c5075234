import {
  byteLength,
  connect,
  type Dialect,
  type DialectName,
  lengthPrefix,
  lines,
  listen,
  type ParleyError,
  type Peer,
} from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { Seen } from "./seen.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs a program of its own that imports the library; resolves with its exit code and what it printed. */
async function runApart(source: string): Promise<{ code: number; printed: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--no-check", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(source));
  await stdin.close();
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, printed: text.decode(stdout) + text.decode(stderr) };
}

Deno.test("Peer.ask gives several answers to those who asked, in their order", async () => {
  for (const dialect of ["native", "lines"] satisfies DialectName[]) {
    await using server = await listen("tcp://127.0.0.1:0", {
      dialect,
      onReceive: (message, peer) => peer.send(`<${message}>`),
    });
    await using client = await connect(server.address, { dialect });
    const answers = await Promise.all(["a", "b", "c"].map((message) => client.ask(message)));
    assert.deepEqual(answers, ["<a>", "<b>", "<c>"]);
    assert.equal(client.pending, 0);
  }
});

Deno.test("Peer.ask rejects when nothing comes in time, also with an explicit undefined", async () => {
  await using server = await listen("memory://silent-ask", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", limits: { askMs: 20 } });
  const late = { name: "TimeoutError", code: "timeout", outcome: "unknown", message: /within 20 ms/ };
  await assert.rejects(client.ask("x"), late);
  await assert.rejects(client.ask("x", { timeoutMs: undefined }), late);
  await assert.rejects(client.ask("x", { timeoutMs: 10 }), { message: /within 10 ms/ });
});

Deno.test("an answer that does not come in time tells what has come instead, safe to print", async () => {
  const answers = [Uint8Array.of(0x41, 0x9b, 0x0d, 0x22), Uint8Array.of(0x7f), new Uint8Array(30).fill(0x62)];
  await using server = await listen("memory://unfinished", {
    dialect: "raw",
    onReceive: (_bytes, peer) => peer.send(answers.shift()!),
  });
  await using client = await connect(server.address, { dialect: "lines" });
  const came = async (text: string) => {
    const message = `No answer from ${client.address} within 20 ms; ${text}; a line ends with LF, ` +
      'or with CR where the option newline is "\\r"';
    await assert.rejects(client.ask("x", { timeoutMs: 20 }), { message });
  };
  await came('4 bytes have come that are no whole message yet: "A\\x9b\\r\\x22"');
  await came('5 bytes have come that are no whole message yet: "A\\x9b\\r\\x22\\x7f"');
  await came(`35 bytes have come that are no whole message yet: "…${"b".repeat(24)}"`);
  await using raw = await connect(server.address, { codec: () => byteLength(5) });
  answers.push(Uint8Array.of(0x61));
  await assert.rejects(raw.ask(new Uint8Array(5), { timeoutMs: 20 }), {
    message: /within 20 ms; 1 byte has come that is no whole message yet: "a"$/,
  });
});

Deno.test("Peer.receive waits for the next message, rejects in time, and leaves with its signal", async () => {
  await using server = await listen("memory://receive", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", limits: { receiveMs: 20 } });
  await assert.rejects(client.receive(), {
    name: "TimeoutError",
    message: /No message from .* within 20 ms/,
  });
  await assert.rejects(client.receive({ timeoutMs: undefined }), { message: /within 20 ms/ });
  const stop = new AbortController();
  const waiting = assert.rejects(client.receive({ signal: stop.signal, timeoutMs: 60_000 }), {
    code: "cancelled",
    cause: new Error("no"),
  });
  stop.abort(new Error("no"));
  await waiting;
  await assert.rejects(client.receive({ signal: AbortSignal.abort(new Error("never")) }), {
    code: "cancelled",
    cause: new Error("never"),
  });
  server.broadcast("here");
  assert.equal(await client.receive({ timeoutMs: 60_000 }), "here", "who gave up takes nothing away");
});

Deno.test("Peer is iterated until the link ends, with all messages, and may be left before", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://iterate"]) {
    await using server = await listen(address, {
      dialect: "lines",
      onConnect: (peer) => {
        for (const line of ["1", "2", "3", "4", "5"]) peer.send(line);
        peer.close();
      },
    });
    await using client = await connect(server.address, { dialect: "lines" });
    const first: string[] = [];
    for await (const line of client) {
      first.push(line);
      if (line === "2") break;
    }
    const rest: string[] = [];
    for await (const line of client) rest.push(line);
    assert.deepEqual([first, rest], [["1", "2"], ["3", "4", "5"]]);
    assert.equal((await client.closed).code, "eof");
    await assert.rejects(client.receive(), { name: "BrokenError", code: "not_connected" });
  }
});

Deno.test("Peer answers a half-closed peer from an async onReceive", async () => {
  const go = Promise.withResolvers<void>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: async (line, peer) => {
      await go.promise;
      await peer.send(`got ${line}`);
    },
  });
  using link = await BareLink.dial(server.port);
  await link.write("x\n");
  await link.closeWrite();
  const text = link.textToEnd();
  go.resolve();
  assert.equal(await text, "got x\n");
});

Deno.test("Peer answers a half-closed peer from a for await that works on each message", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: async (peer) => {
      for await (const line of peer) {
        await new Promise((resolve) => setTimeout(resolve)); // work that outlasts the end of the stream
        await peer.send(`got ${line}`);
      }
    },
  });
  using link = await BareLink.dial(server.port);
  await link.write("x\ny\nz\n");
  await link.closeWrite();
  assert.equal(await link.textToEnd(), "got x\ngot y\ngot z\n");
});

Deno.test("Peer.close delivers the last bytes, then ends, and may be called again", async () => {
  const size = 3_000_000;
  for (const address of ["tcp://127.0.0.1:0", "memory://last-bytes"]) {
    await using server = await listen(address, {
      dialect: "raw",
      onConnect: (peer) => {
        peer.send(new Uint8Array(size / 2));
        peer.send(new Uint8Array(size / 2));
        peer.close();
      },
      limits: { maxFrameBytes: size },
    });
    await using client = await connect(server.address, { dialect: "raw" });
    let received = 0;
    for await (const bytes of client) received += bytes.length;
    assert.equal(received, size);
    const reasons = await Promise.all([client.close(), client.close(), client.closed]);
    assert.deepEqual(reasons.map((reason) => reason.code), ["eof", "eof", "eof"]);
    await assert.rejects(client.send("late"), { name: "BrokenError", outcome: "not-sent" });
  }
});

Deno.test("Peer.close delivers the last bytes to a peer that is still sending", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (_line, peer) => {
      peer.send("bye");
      peer.close();
    },
  });
  using link = await BareLink.dial(server.port);
  // Closing at once would leave most of this unread, and a system may then throw away the answer as well.
  await link.write(`QUIT\n${"x".repeat(1_000_000)}\n`);
  assert.equal(await link.textToEnd(), "bye\n");
});

Deno.test("Peer.close ends the link though its dialect cannot say goodbye", async () => {
  const speechless: Dialect = {
    name: "speechless",
    correlation: "none",
    converse: () => ({
      receive: (buffer) => buffer.skip(buffer.length),
      receiveEnd: () => {},
      write: () => {},
      close: () => {
        throw new RangeError("No room for a goodbye");
      },
    }),
  };
  await using server = await listen("memory://speechless", { dialect: speechless });
  await using client = await connect(server.address, { dialect: speechless });
  assert.equal((await client.close()).code, "closed");
});

Deno.test("Peer.close inside callbacks and handlers does not wait for itself", async () => {
  await using server = await listen("memory://close-inside", {
    onReceive: async (_message, peer) => void await peer.close(),
  });
  server.onRequest("leave", async (call) => void await call.peer.close());
  server.onRequest("stop", async () => await server.close());

  const told = await connect(server.address, { onDisconnect: (peer) => peer.close() });
  await told.send("go");
  assert.equal((await told.closed).code, "eof");

  const asked = await connect(server.address);
  await assert.rejects(asked.request("leave"), { name: "BrokenError", code: "disconnected" });

  const stopped = await connect(server.address);
  await assert.rejects(stopped.request("stop"), { code: "disconnected", outcome: "unknown" });
  assert.equal((await stopped.closed).code, "goodbye");

  const hasty = await listen("memory://close-hasty", { onConnect: (peer) => peer.close() });
  const client = await connect(hasty.address, { onConnect: async (peer) => void await peer.close() });
  await client.closed;
  await hasty.close();
});

Deno.test("Peer.send resolves at once below the high-water mark, above it when the other end reads", async () => {
  await using server = await listen("memory://water", { dialect: "raw", limits: { maxInboxMessages: 1 } });
  await using client = await connect(server.address, {
    dialect: "raw",
    limits: { outboxHighBytes: 1_000_000, outboxLowBytes: 100_000 },
  });
  let late = 0;
  const sends: Promise<void>[] = [];
  // The other end takes a chunk or two, the pipe between them holds 1 MiB: the rest waits in the outbox.
  for (let i = 0; i < 40; i++) {
    late++;
    sends.push(client.send(new Uint8Array(100_000)).then(() => void late--));
    await Promise.resolve();
  }
  await Promise.all(sends.slice(0, 5));
  assert.ok(late > 0, "sends above the mark wait");
  let received = 0;
  const peer = [...server.peers][0];
  for await (const bytes of peer) {
    received += bytes.length;
    if (received === 4_000_000) break;
  }
  await Promise.all(sends);
  assert.equal(late, 0);
});

Deno.test("Peer.send is refused with outbox_full when nobody awaits and nobody reads", async () => {
  await using server = await listen("memory://full", {
    dialect: "raw",
    limits: { maxInboxMessages: 1, closeMs: 1 },
  });
  await using client = await connect(server.address, {
    dialect: "raw",
    limits: { outboxHighBytes: 100_000, maxOutboxBytes: 300_000, closeMs: 1 },
  });
  const failures: ParleyError[] = [];
  while (failures.at(-1)?.code !== "outbox_full") {
    await client.send(new Uint8Array(100_000), { timeoutMs: 10 }).catch((error) => failures.push(error));
  }
  assert.deepEqual(failures.map((error) => error.code), ["timeout", "timeout", "outbox_full"]);
  assert.deepEqual(failures.map((error) => error.outcome), ["unknown", "unknown", "not-sent"]);
  assert.match(failures[0].message, /did not read for 10 ms: 200000 bytes wait to be written/);
  assert.match(failures[2].message, /limits\.maxOutboxBytes 300000/);
});

Deno.test("Peer.send that waits for room does not claim that nothing was sent when the link ends", async () => {
  const server = await listen("memory://room", {
    dialect: "raw",
    limits: { maxInboxMessages: 1, closeMs: 1 },
  });
  const client = await connect(server.address, {
    dialect: "raw",
    limits: { outboxHighBytes: 1, closeMs: 1 },
  });
  const sends = Array.from({ length: 30 }, () => client.send(new Uint8Array(100_000)));
  const waiting = assert.rejects(sends[29], { outcome: "unknown" });
  await client.close();
  await waiting;
  await server.close();
});

Deno.test("Peer.send to a peer that is gone rejects, and ends no program when nobody awaits it", async () => {
  const { code, printed } = await runApart(`
    import { connect, listen } from "@parley/parley";
    const server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
    const client = await connect(server.address, { dialect: "lines" });
    await server.close();
    await client.closed;
    client.send("nobody awaits this");
    client.action("nor this");
    await client.send("but this").catch((error) => console.log(error.name, error.code, error.outcome));
    client.send("last");
  `);
  assert.deepEqual({ code, printed }, { code: 0, printed: "BrokenError not_connected not-sent\n" });
});

Deno.test("Peer and Server keep no program alive once they are closed", async () => {
  const { code, printed } = await runApart(`
    import { connect, listen } from "@parley/parley";
    for (const address of ["tcp://127.0.0.1:0", "memory://exit"]) {
      const server = await listen(address);
      server.onRequest("time", () => 1);
      server.onRequest("never", () => new Promise(() => {}));
      const client = await connect(server.address);
      await client.request("time");
      client.request("never").catch(() => {});
      client.ask("anybody?").catch(() => {});
      client.receive().catch(() => {});
      await client.close();
      await server.close();
    }
    console.log("closed");
  `);
  assert.deepEqual({ code, printed }, { code: 0, printed: "closed\n" });
});

Deno.test("Peer counts what it carries", async () => {
  await using server = await listen("memory://counts", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(line),
  });
  await using client = await connect(server.address, { dialect: "lines" });
  await client.ask("abc");
  const { messagesIn, messagesOut, bytesIn, bytesOut, faults } = client.counts;
  assert.deepEqual([messagesIn, messagesOut, bytesIn, bytesOut, faults], [1, 1, 4, 4, 0]);
  assert.equal(server.counts.messagesIn, 1);
});

Deno.test("Peer carries frames of a codec, with a codec of its own for each client", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    codec: lengthPrefix(4),
    onReceive: (frame, peer) => peer.send(frame),
  });
  using torn = await BareLink.dial(server.port);
  await torn.write(Uint8Array.of(0, 0, 0, 9, 1)); // a frame that stays unfinished
  const clients = await Promise.all([1, 2, 3].map(() => connect(server.address, { codec: lengthPrefix(4) })));
  const answers = await Promise.all(clients.map((client, i) => client.ask(Uint8Array.of(i, 0x0a))));
  assert.deepEqual(answers, [0, 1, 2].map((i) => Uint8Array.of(i, 0x0a)));
  for (const client of clients) await client.close();
});

Deno.test("Peer with a codec that remembers how far it has looked is not confused by others", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    codec: lines(),
    onReceive: (line, peer) => peer.send(line),
  });
  using torn = await BareLink.dial(server.port);
  await torn.write("first\n" + "x".repeat(50));
  await torn.atLeast(6);
  await using client = await connect(server.address, { codec: lines() });
  assert.equal(await client.ask("short"), "short");
  await torn.write("\n");
  assert.equal(new TextDecoder().decode(await torn.atLeast(51)), "x".repeat(50) + "\n");
});

Deno.test("Peer refuses wrong options and time limits of a single call", async () => {
  await using server = await listen("memory://call-options", {
    onReceive: (message, peer) => peer.send(message),
  });
  await using client = await connect(server.address);
  const calls: Record<string, (options: object) => unknown> = {
    send: (options) => client.send(1, options),
    ask: (options) => client.ask(1, options),
    receive: (options) => client.receive(options),
    request: (options) => client.request("x", [], options),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const timeoutMs of [0, -1, NaN, Infinity]) {
      await assert.rejects(async () => await call({ timeoutMs }), {
        name: "RangeError",
        message: new RegExp(`^Cannot use ${timeoutMs} as "timeoutMs" of ${name}\\(\\)`),
      });
    }
    await assert.rejects(async () => await call({ timeoutMs: "1" }), { name: "TypeError" });
    await assert.rejects(async () => await call({ signal: {} }), {
      name: "TypeError",
      message: /AbortSignal/,
    });
    await assert.rejects(async () => await call({ timeoutMS: 1 }), {
      name: "TypeError",
      message: `Unknown option "timeoutMS" of ${name}(); did you mean "timeoutMs"?`,
    });
  }
  await assert.rejects(async () => await client.action("x", [], { kwarg: {} } as object), {
    message: 'Unknown option "kwarg" of action(); did you mean "kwargs"?',
  });
});

Deno.test("Peer refuses what its dialect cannot say and stays as it was", async () => {
  const seen = new Seen<unknown>();
  await using server = await listen("memory://cannot-say", { dialect: "lines", onReceive: seen.add });
  await using client = await connect(server.address, { dialect: "lines" });
  await assert.rejects(client.send({ an: "object" }), { name: "TypeError", code: "usage" });
  await assert.rejects(client.send("two\nlines"), { name: "TypeError" });
  await assert.rejects(client.ask("x".repeat(2_000_000)), { name: "RangeError" });
  await assert.rejects(client.request("time"), { name: "TypeError", message: /it has no requests; use ask/ });
  await assert.rejects(client.action("go"), { name: "TypeError" });
  await client.send("fine");
  assert.equal(await seen.next(), "fine");
  assert.equal(client.pending, 0);
});

Deno.test("Peer shows itself in one line", async () => {
  await using server = await listen("memory://shown", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines" });
  const peer: Peer = [...server.peers][0];
  assert.match(Deno.inspect(peer), /^Peer \{ memory:\/\/shown\S* lines open \}$/);
  assert.equal(Deno.inspect(client), "Client { memory://shown lines open }");
  assert.equal(Deno.inspect(server), "Server { memory://shown lines listening, 1 peer }");
});
