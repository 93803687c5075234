import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { freePort, Program, testWith, untilListening } from "./program.ts";

testWith("nc", "lines server answers nc that has half-closed, from an async callback", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: async (line, peer) => {
      await new Promise((resolve) => setTimeout(resolve));
      await peer.send(line.toUpperCase());
    },
  });
  await using nc = new Program("nc", ["-N", "127.0.0.1", `${server.port}`]);
  await nc.type("hello\nworld\n");
  const { code, stdout } = await nc.finished();
  assert.deepEqual({ code, stdout }, { code: 0, stdout: "HELLO\nWORLD\n" });
});

testWith("nc", "lines server answers nc that has half-closed, from a for await", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: async (peer) => {
      for await (const line of peer) {
        await new Promise((resolve) => setTimeout(resolve));
        await peer.send(`${line.length}`);
      }
    },
  });
  await using nc = new Program("nc", ["-N", "127.0.0.1", `${server.port}`]);
  await nc.type("a\nbb\nccc\n");
  assert.equal((await nc.finished()).stdout, "1\n2\n3\n");
});

testWith("nc", "lines server talks with nc at a keyboard, and its close ends nc", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: (peer) => peer.send("220 ready"),
    onReceive: (line, peer) => line === "QUIT" ? peer.close() : peer.send(`250 ${line}`),
  });
  await using nc = new Program("nc", ["127.0.0.1", `${server.port}`]);
  assert.equal(await nc.line(), "220 ready");
  await nc.type("NOOP\r\n");
  assert.equal(await nc.line(), "250 NOOP");
  await nc.type("QUIT\n");
  assert.equal((await nc.finished()).code, 0);
});

testWith("nc", "lines server carries nc over a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/nc.sock`;
    await using server = await listen(`unix://${path}`, {
      dialect: "lines",
      onReceive: (line, peer) => peer.send(`<${line}>`),
    });
    await using nc = new Program("nc", ["-N", "-U", path]);
    await nc.type("over a file\n");
    assert.equal((await nc.finished()).stdout, "<over a file>\n");
    assert.equal(server.peers.size <= 1, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testWith("nc", "raw server takes a megabyte from nc as it is", async () => {
  const all = Promise.withResolvers<number>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onConnect: async (peer) => {
      let sum = 0;
      for await (const bytes of peer) sum += bytes.length;
      all.resolve(sum);
    },
  });
  await using nc = new Program("nc", ["-N", "127.0.0.1", `${server.port}`]);
  await nc.type("x".repeat(1_000_000));
  await nc.finished();
  assert.equal(await all.promise, 1_000_000);
});

testWith("nc", "lines client talks with nc that listens, and sees it killed", async () => {
  const port = await freePort();
  await using nc = new Program("nc", ["-l", "127.0.0.1", `${port}`]);
  const client = await untilListening(() => connect(`tcp://127.0.0.1:${port}`, { dialect: "lines" }));
  await client.send("from parley");
  assert.equal(await nc.line(), "from parley");
  await nc.type("from nc\n");
  assert.equal(await client.receive(), "from nc");
  const waiting = assert.rejects(client.ask("anybody?"), { name: "BrokenError" });
  await nc.kill();
  assert.equal((await client.closed).byUs, false);
  await waiting;
});

testWith("nc", "native server turns nc away", async () => {
  const failed = Promise.withResolvers<Error & { code?: string }>();
  await using server = await listen("tcp://127.0.0.1:0", { onFail: failed.resolve });
  await using nc = new Program("nc", ["127.0.0.1", `${server.port}`]);
  await nc.type("hello?\n");
  const { stdout } = await nc.finished();
  assert.equal(stdout, "");
  assert.equal((await failed.promise).code, "not_native");
});
