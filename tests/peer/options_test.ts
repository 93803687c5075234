import { connect, createClient, createServer, dialects, lines, listen } from "@parley/parley";
import assert from "node:assert/strict";

const NAMES = Object.keys(dialects).join(", ");

/** Options that are refused, and how. */
const REFUSED: [options: unknown, name: string, message: string][] = [
  [{ onRecieve: () => {} }, "TypeError", 'Unknown option "onRecieve" of listen(); did you mean "onReceive"?'],
  [{ Dialect: "raw" }, "TypeError", 'Unknown option "Dialect" of listen(); did you mean "dialect"?'],
  [{ somethingElse: 1 }, "TypeError", 'Unknown option "somethingElse" of listen()'],
  [
    { dialect: "line" },
    "TypeError",
    `Unknown dialect "line"; did you mean "lines"? The dialects are ${NAMES}`,
  ],
  [{ dialect: "toString" }, "TypeError", `Unknown dialect "toString"; the dialects are ${NAMES}`],
  [
    { dialect: {} },
    "TypeError",
    'Cannot use an object as "dialect": a name, or what defineDialect returns, is wanted',
  ],
  [{ dialect: "raw", codec: lines() }, "TypeError", 'Cannot use "codec" and "dialect" together: choose one'],
  [{ codec: {} }, "TypeError", 'Cannot use an object as "codec": it has no decode() and encode()'],
  [{ payload: "hex" }, "TypeError", 'Cannot use "hex" as "payload": "text" or "bytes" is wanted'],
  [{ handlers: {} }, "TypeError", 'Cannot use an object as "handlers": make one with new Handlers()'],
  [{ signal: "stop" }, "TypeError", 'Cannot use "stop" as "signal": an AbortSignal is wanted'],
  [{ onFail: null }, "TypeError", 'Cannot use null as "onFail": a function is wanted'],
  [[], "TypeError", "Cannot use a list as options of listen(): an object is wanted"],
  ["raw", "TypeError", 'Cannot use "raw" as options of listen(): an object is wanted'],
  [
    { maxPeers: 0 },
    "RangeError",
    'Cannot use 0 as "maxPeers": a whole number from 1 to 2147483647 is wanted',
  ],
  [{ maxPeers: "2" }, "TypeError", 'Cannot use 2 (string) as "maxPeers": a number is wanted'],
  [
    { limits: { requestMs: 0.5 } },
    "RangeError",
    'Cannot use 0.5 as "requestMs": a whole number from 1 to 2147483647 is wanted',
  ],
  [
    { limits: { maxFrameBytes: 2 ** 30 } },
    "RangeError",
    'Cannot use 1073741824 as "maxFrameBytes": a whole number from 1 to 67108864 is wanted',
  ],
];

Deno.test("listen and createServer refuse options that are wrong, and say what is wanted", async () => {
  for (const [options, name, message] of REFUSED) {
    assert.throws(() => createServer("memory://options", options as object), {
      name,
      message,
      code: "usage",
    });
    await assert.rejects(listen("memory://options", options as object), { name, message });
  }
});

Deno.test("connect and createClient refuse the same, and maxPeers is none of theirs", async () => {
  for (const [options, name, message] of REFUSED) {
    if (message.includes("maxPeers")) continue;
    const theirs = message.replace("of listen()", "of connect()");
    assert.throws(() => createClient("memory://options", options as object), { name, message: theirs });
    await assert.rejects(connect("memory://options", options as object), { name, message: theirs });
  }
  assert.throws(() => createClient("memory://options", { maxPeers: 1 } as object), {
    message: 'Unknown option "maxPeers" of connect()',
  });
});

Deno.test("limits of an unknown name are refused with the names there are", () => {
  assert.throws(() => createServer("memory://options", { limits: { maxFrameByte: 1 } as object }), {
    name: "TypeError",
    message: /^Unknown limit "maxFrameByte"/,
  });
});

Deno.test("payload bytes hands lines over as they came", async () => {
  await using server = await listen("memory://payload", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(line),
  });
  await using client = await connect(server.address, { dialect: "lines", payload: "bytes" });
  assert.deepEqual(await client.ask(Uint8Array.of(0x41, 0x42)), Uint8Array.of(0x41, 0x42));
});

Deno.test("codec may be a function that makes one for each connection", async () => {
  let made = 0;
  const codec = () => {
    made++;
    return lines();
  };
  await using server = await listen("memory://codec", { codec, onReceive: (line, peer) => peer.send(line) });
  await using client = await connect(server.address, { codec });
  assert.equal(await client.ask("x"), "x");
  assert.equal(made, 2);
});
