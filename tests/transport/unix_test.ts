import assert from "node:assert/strict";
import { BrokenError } from "../../src/errors.ts";
import { checkTransport } from "../../src/testing/check_transport.ts";
import { parseAddress } from "../../src/transport/table.ts";
import type { Listener, Transport } from "../../src/transport/transport.ts";

const IGNORED = { ignore: Deno.build.os === "windows" };

function listenOn(path: string): Promise<Listener> {
  const { address, kind } = parseAddress(`unix://${path}`);
  return kind.listen!(address);
}

function connectTo(path: string, signal?: AbortSignal): Promise<Transport> {
  const { address, kind } = parseAddress(`unix://${path}`);
  return kind.connect(address, { signal });
}

/** A path for a socket in a directory of its own, which is removed afterwards. */
async function withPath(body: (path: string) => Promise<unknown>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await body(`${directory}/x.sock`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Leaves a socket file behind that nobody listens on, as a program that is killed does. */
async function abandon(path: string): Promise<void> {
  const code = `Deno.listen({ transport: "unix", path: ${
    JSON.stringify(path)
  } }); console.log("up"); await new Promise(() => setInterval(() => {}, 1e6));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assert.ok((await Deno.lstat(path)).isSocket);
}

Deno.test("unix keeps the contract of transports", IGNORED, () =>
  withPath(async (path) => {
    const listener = await listenOn(path);
    await checkTransport({
      pair: async () => {
        const [ours, theirs] = await Promise.all([connectTo(path), listener.accept()]);
        return [ours, theirs!];
      },
      cleanup: () => listener.close(),
    });
  }));

Deno.test("unix names both ends by the path, and has no port", IGNORED, () =>
  withPath(async (path) => {
    const listener = await listenOn(path);
    const [ours, theirs] = await Promise.all([connectTo(path), listener.accept()]);
    for (const name of [listener.address, ours.remoteAddress, theirs!.localAddress]) {
      assert.equal(name, `unix://${path}`);
    }
    assert.equal(listener.port, undefined);
    assert.ok(ours.isLocal && theirs!.isLocal);
    for (const open of [ours, theirs!, listener]) open.close();
  }));

Deno.test("unix removes its file when the listener closes", IGNORED, () =>
  withPath(async (path) => {
    (await listenOn(path)).close();
    await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
    (await listenOn(path)).close();
  }));

Deno.test(
  "unix takes over the file that a killed program left behind",
  IGNORED,
  () =>
    withPath(async (path) => {
      await abandon(path);
      await assert.rejects(connectTo(path), { code: "refused" });
      const listener = await listenOn(path);
      const [ours, theirs] = await Promise.all([connectTo(path), listener.accept()]);
      await ours.write(Uint8Array.of(5));
      assert.deepEqual(await theirs!.read(), Uint8Array.of(5));
      for (const open of [ours, theirs!, listener]) open.close();
    }),
);

Deno.test(
  "unix refuses a path where somebody listens, and leaves it to them",
  IGNORED,
  () =>
    withPath(async (path) => {
      const listener = await listenOn(path);
      await assert.rejects(listenOn(path), { name: "BrokenError", code: "address_in_use" });
      (await listener.accept())!.close(); // the question whether somebody is there
      const [ours, theirs] = await Promise.all([connectTo(path), listener.accept()]);
      for (const open of [ours, theirs!, listener]) open.close();
    }),
);

Deno.test("unix never removes a file that is no socket", IGNORED, () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "precious");
    await assert.rejects(listenOn(path), { name: "BrokenError", code: "address_in_use" });
    assert.equal(await Deno.readTextFile(path), "precious");
    await assert.rejects(connectTo(path), (error) => error instanceof BrokenError);
  }));

Deno.test("unix never removes a link to a file, nor a directory", IGNORED, () =>
  withPath(async (path) => {
    await Deno.writeTextFile(`${path}.txt`, "precious");
    await Deno.symlink(`${path}.txt`, path);
    await assert.rejects(listenOn(path), { name: "BrokenError" });
    assert.equal(await Deno.readTextFile(path), "precious");
    await Deno.remove(path);
    await Deno.mkdir(path);
    await assert.rejects(listenOn(path), { name: "BrokenError" });
    assert.ok((await Deno.lstat(path)).isDirectory);
  }));

Deno.test("unix reports a path where nothing is", IGNORED, () =>
  withPath(async (path) => {
    await assert.rejects(connectTo(path), {
      name: "BrokenError",
      code: "no_such_path",
      message: `Cannot connect to unix://${path}: no such file; is something listening there?`,
    });
    await assert.rejects(listenOn(`${path}/no/such/x.sock`), { name: "BrokenError", code: "no_such_path" });
  }));

Deno.test("unix reports a path that is too long for the system", IGNORED, () =>
  withPath(async (path) => {
    const long = path + "x".repeat(200);
    await assert.rejects(listenOn(long), (error) => error instanceof BrokenError);
    await assert.rejects(connectTo(long), (error) => error instanceof BrokenError);
  }));

Deno.test("unix refuses a file without the rights for it", async (t) => {
  const ignore = Deno.build.os === "windows" || Deno.uid() === 0;
  await t.step({
    name: ignore ? "skipped: root has all rights" : "mode 000",
    ignore,
    fn: () =>
      withPath(async (path) => {
        const listener = await listenOn(path);
        await Deno.chmod(path, 0o000);
        await assert.rejects(connectTo(path), { code: "permission" });
        listener.close();
      }),
  });
});

Deno.test(
  "unix rejects with the signal's reason when it is aborted",
  IGNORED,
  () =>
    withPath(async (path) => {
      const reason = new Error("Enough");
      const listener = await listenOn(path);
      await assert.rejects(connectTo(path, AbortSignal.abort(reason)), (error) => error === reason);
      await assert.rejects(connectTo(`${path}.no`, AbortSignal.abort(reason)), (error) => error === reason);
      listener.close();
    }),
);

Deno.test("unix ends an accept that waits when the listener closes", IGNORED, () =>
  withPath(async (path) => {
    const listener = await listenOn(path);
    const accepting = listener.accept();
    listener.close();
    listener.close();
    assert.equal(await accepting, null);
  }));
