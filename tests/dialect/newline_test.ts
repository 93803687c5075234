import { connect, type LinkOptions, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { UsageTypeError } from "@parley/parley";

/** What a server of raw bytes is sent by a client of lines, and what the client makes of the answer. */
async function exchange(options: LinkOptions, line: string | Uint8Array, answer: string) {
  const heard = Promise.withResolvers<Uint8Array>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: (bytes, peer) => {
      heard.resolve(bytes);
      return peer.send(answer);
    },
  });
  await using client = await connect(server.address, { dialect: "lines", ...options });
  const first = await client.ask(line);
  return { sent: new TextDecoder().decode(await heard.promise), first };
}

Deno.test("the option newline says what ends a line that is sent", async () => {
  assert.deepEqual(await exchange({}, "AT", "OK\r\n"), { sent: "AT\n", first: "OK" });
  assert.deepEqual(await exchange({ newline: "\r\n" }, "AT", "OK\n"), { sent: "AT\r\n", first: "OK" });
  assert.deepEqual(await exchange({ newline: "\r" }, "AT", "OK\r"), { sent: "AT\r", first: "OK" });
  assert.deepEqual(await exchange({ newline: "\r" }, "AT", "\nOK\r\n"), { sent: "AT\r", first: "OK" });
});

Deno.test("the option newline holds for bytes as well", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const options = { payload: "bytes" } as const;
  assert.deepEqual(await exchange({ ...options, newline: "\r\n" }, bytes("AT"), "OK\r\n"), {
    sent: "AT\r\n",
    first: bytes("OK"),
  });
  assert.deepEqual(await exchange({ ...options, newline: "\r" }, "AT", "\nOK\r\n"), {
    sent: "AT\r",
    first: bytes("OK"),
  });
});

Deno.test("the option newline is refused where it means nothing, and where it is no line end", async () => {
  const refused = async (options: object, message: RegExp) => {
    await assert.rejects(connect("memory://nobody", options), (error: Error) => {
      assert(error instanceof UsageTypeError);
      assert.match(error.message, message);
      return true;
    });
  };
  await refused({ newline: "\r" }, /"newline" with the dialect "native": it is for the dialect "lines"/);
  await refused({ newline: "\r", dialect: "raw" }, /"newline" with the dialect "raw"/);
  await refused(
    { newline: "cr", dialect: "lines" },
    /"cr" as "newline": one of "\\n", "\\r\\n", "\\r" is wanted/,
  );
});

/** A device that says every line back, puts an empty line before its answer, and answers in lower case. */
async function echoingDevice() {
  return await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: (bytes, peer) => {
      const line = new TextDecoder().decode(bytes);
      return peer.send(`${line}\r\n${line.toLowerCase()}`);
    },
  });
}

Deno.test("with the options echo and skipEmpty an ask resolves with the answer of a device that echoes", async () => {
  await using server = await echoingDevice();
  await using client = await connect(server.address, { dialect: "lines", echo: true, skipEmpty: true });
  assert.equal(await client.ask("AT"), "at");
  assert.equal(await client.ask("AT"), "at");
  await using bytes = await connect(server.address, {
    dialect: "lines",
    payload: "bytes",
    echo: true,
    skipEmpty: true,
  });
  assert.deepEqual(await bytes.ask("AT"), new TextEncoder().encode("at"));
});

Deno.test("without them every line is a message, and an answer that equals no line sent is one with echo as well", async () => {
  await using server = await echoingDevice();
  await using client = await connect(server.address, { dialect: "lines" });
  await client.send("AT");
  assert.deepEqual([await client.receive(), await client.receive(), await client.receive()], [
    "AT",
    "",
    "at",
  ]);
  await using echo = await connect(server.address, { dialect: "lines", echo: true });
  await echo.send("AT");
  assert.deepEqual([await echo.receive(), await echo.receive()], ["", "at"]);
});

Deno.test("only the last lines sent are awaited as echoes: one that never comes is forgotten", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line, peer) => line === "ask" ? peer.send("first") : undefined,
  });
  await using client = await connect(server.address, { dialect: "lines", echo: true });
  await client.send("first");
  for (let i = 0; i < 64; i++) await client.send(i);
  assert.equal(await client.ask("ask"), "first");
});
