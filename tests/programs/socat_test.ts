import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { freePort, Program, testWith, untilListening } from "./program.ts";

testWith("socat", "lines client talks with socat that echoes over TCP", async () => {
  const port = await freePort();
  await using _socat = new Program("socat", [
    `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`,
    "EXEC:cat",
  ]);
  await using client = await untilListening(() => connect(`tcp://127.0.0.1:${port}`, { dialect: "lines" }));
  for (const line of ["one", "", "drei ✓"]) assert.equal(await client.ask(line), line);
});

testWith("socat", "raw client gets back a megabyte from socat over a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/socat.sock`;
    await using _socat = new Program("socat", [`UNIX-LISTEN:${path}`, "EXEC:cat"]);
    await using client = await untilListening(() => connect(`unix://${path}`, { dialect: "raw" }));
    const size = 1_000_000;
    const sent = Uint8Array.from({ length: size }, (_, i) => i * 7);
    const sending = client.send(sent);
    const received = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const bytes = await client.receive();
      received.set(bytes, at);
      at += bytes.length;
    }
    await sending;
    assert.deepEqual(received, sent);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testWith("socat", "lines server talks with socat as its client over TCP and a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const address of ["tcp://127.0.0.1:0", `unix://${folder}/parley.sock`]) {
      await using server = await listen(address, {
        dialect: "lines",
        onReceive: (line, peer) => peer.send(line.split("").reverse().join("")),
      });
      const there = server.port > 0
        ? `TCP:127.0.0.1:${server.port}`
        : `UNIX-CONNECT:${address.slice("unix://".length)}`;
      await using socat = new Program("socat", ["-t", "5", "-", there]);
      await socat.type("abc\nxyz\n");
      assert.equal((await socat.finished()).stdout, "cba\nzyx\n");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testWith("socat", "native client and server talk through socat in between", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("add", (_call, a: number, b: number) => a + b);
  const port = await freePort();
  await using _socat = new Program("socat", [
    `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr`,
    `TCP:127.0.0.1:${server.port}`,
  ]);
  await using client = await untilListening(() => connect(`tcp://127.0.0.1:${port}`));
  assert.equal(await client.request("add", [2, 3]), 5);
  const left = [...server.peers][0].closed;
  await client.close();
  assert.equal((await left).code, "eof");
});
