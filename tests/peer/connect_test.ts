import { connect, createClient, createServer, type DialectName, listen } from "@parley/parley";
import assert from "node:assert/strict";

/** Addresses of all kinds; the socket file goes away with the folder. */
async function withAddresses(name: string, use: (address: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const address of ["tcp://127.0.0.1:0", `unix://${folder}/${name}.sock`, `memory://${name}`]) {
      await use(address);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is wrong has to be said in one line that names the address. */
function oneClearLine(error: Error, start: string): void {
  assert.ok(error.message.startsWith(start), error.message);
  assert.ok(!error.message.includes("\n"), "more than one line");
  assert.ok(!error.message.endsWith("."), "a period at the end");
}

for (const dialect of ["native", "lines", "raw"] satisfies DialectName[]) {
  Deno.test(`connect and listen carry a message and its answer in "${dialect}" over every kind`, async () => {
    await withAddresses(`carry-${dialect}`, async (address) => {
      await using server = await listen(address, {
        dialect,
        onReceive: (message, peer) => peer.send(message),
      });
      await using client = await connect(server.address, { dialect });
      const answer = await client.ask("21.5 °C");
      assert.equal(answer instanceof Uint8Array ? new TextDecoder().decode(answer) : answer, "21.5 °C");
      assert.equal(server.peers.size, 1);
      assert.equal(client.dialect, dialect);
    });
  });
}

Deno.test("createServer does not bind until it is started", async () => {
  await withAddresses("unbound", async (address) => {
    await using server = createServer(address);
    assert.equal(server.isListening, false);
    assert.equal(server.openedAt, undefined);
    if (!address.startsWith("tcp:")) {
      await assert.rejects(connect(address), { name: "BrokenError" });
    }
    assert.equal(await server.start(), server);
    assert.equal(server.isListening, true);
    await using client = await connect(server.address);
    assert.equal(client.isOpen, true);
  });
});

Deno.test("createClient does not connect until it is started", async () => {
  await withAddresses("idle", async (address) => {
    await using server = await listen(address);
    await using client = createClient(server.address);
    assert.equal(client.state, "idle");
    assert.equal(server.peers.size, 0);
    await assert.rejects(client.send("early"), { code: "not_connected", outcome: "not-sent" });
    await assert.rejects(client.request("early"), { code: "not_connected", outcome: "not-sent" });
    await assert.rejects(client.receive(), { code: "not_connected" });
    for await (const message of client) assert.fail(`received ${message}`);
    assert.equal(await client.start(), client);
    assert.equal(client.state, "open");
    assert.equal(server.peers.size, 1);
  });
});

Deno.test("listen on port 0 gives each server a port of its own", async () => {
  await using one = await listen("tcp://127.0.0.1:0");
  await using two = await listen("tcp://:0");
  assert.ok(one.port > 0 && two.port > 0);
  assert.notEqual(one.port, two.port);
  assert.equal(two.address, `tcp://127.0.0.1:${two.port}`, "no host means this machine only");
});

Deno.test("listen rejects with address_in_use when somebody listens there", async () => {
  await withAddresses("twice", async (address) => {
    await using server = await listen(address);
    const error = await listen(server.address).then(() => assert.fail("listens twice"), (error) => error);
    assert.equal(error.name, "BrokenError");
    assert.equal(error.code, "address_in_use");
    oneClearLine(error, `Cannot listen on ${server.address}: `);
  });
});

Deno.test("listen takes over a socket file whose program is gone, and no other file", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/left.sock`;
  Deno.listen({ transport: "unix", path }).close(); // leaves the file
  await (await listen(`unix://${path}`)).close();

  const precious = `${folder.path}/precious.txt`;
  await Deno.writeTextFile(precious, "keep me");
  await assert.rejects(listen(`unix://${precious}`), { code: "address_in_use" });
  assert.equal(await Deno.readTextFile(precious), "keep me");
});

Deno.test("listen rejects with one clear line when the address is not of this machine or the folder is missing", async () => {
  const foreign = await listen("tcp://203.0.113.1:0").catch((error) => error);
  assert.equal(foreign.code, "unreachable");
  oneClearLine(foreign, "Cannot listen on tcp://203.0.113.1:0: ");
  const nowhere = await listen("unix:///no/such/folder/x.sock").catch((error) => error);
  assert.equal(nowhere.code, "no_such_path");
  oneClearLine(nowhere, "Cannot listen on unix:///no/such/folder/x.sock: ");
});

Deno.test("connect rejects with one clear line when nothing listens there", async () => {
  const gone = await listen("tcp://127.0.0.1:0");
  await gone.close();
  const codes: Record<string, string> = {
    [gone.address]: "refused",
    "unix:///no/such/file.sock": "no_such_path",
    "memory://nobody": "refused",
  };
  for (const [address, code] of Object.entries(codes)) {
    const error = await connect(address).then(() => assert.fail("connected"), (error) => error);
    assert.equal(error.name, "BrokenError");
    assert.equal(error.code, code);
    oneClearLine(error, `Cannot connect to ${address}: `);
  }
});

Deno.test("connect and listen reject wrong usage, createClient and createServer throw it", async () => {
  const bad = "127.0.0.1:16900";
  const wanted = { name: "TypeError", message: /write "tcp:\/\/127\.0\.0\.1:16900"/ };
  await assert.rejects(connect(bad), wanted);
  await assert.rejects(listen(bad), wanted);
  assert.throws(() => createClient(bad), wanted);
  assert.throws(() => createServer(bad), wanted);
});

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
