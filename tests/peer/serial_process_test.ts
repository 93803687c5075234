import { serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs a program that imports Parley in a process of its own; `path` is the port that it uses. */
async function run(
  path: string,
  code: string,
  flags: readonly string[] = ["-A"],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "--config", CONFIG, ...flags, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const mod = new URL("../../mod.ts", import.meta.url).href;
  await input.write(new TextEncoder().encode(
    `import { listPorts, serial } from ${JSON.stringify(mod)};\nconst path = ${
      JSON.stringify(path)
    };\n${code}`,
  ));
  await input.close();
  const { code: status, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code: status, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("a program ends by itself after its last port is closed, and not before", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  const received = new Seen<string>();
  await using device = await serial(pair.b.path, { onReceive: received.add });
  const running = run(
    pair.a.path,
    `const port = await serial(path, { onReceive: async (line) => {
       if (line !== "quit") return port.send("got " + line);
       await port.close();
       console.log("closed");
     } });
     await port.send("open"); // and that is the end of the module`,
  );
  /** Fails at once when the program has ended before. */
  const nextLine = () =>
    Promise.race([received.next(), running.then((end) => assert.fail(`It ended: ${JSON.stringify(end)}`))]);
  assert.equal(await nextLine(), "open");
  await device.send("anything");
  assert.equal(await nextLine(), "got anything");
  await device.send("quit");
  assert.deepEqual(await running, { code: 0, stdout: "closed\n", stderr: "" });
  await (await serial(pair.a.path)).close(); // it is free
});

Deno.test("a program with a stalled write leaves at once, and the port is free", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  pair.a.stall();
  const ended = await run(
    pair.a.path,
    `const port = await serial(path, { dialect: "raw" });
     port.send(new Uint8Array(1024 * 1024)).catch(() => {});
     console.log("leaving");
     Deno.exit(7);`,
  );
  assert.deepEqual(ended, { code: 7, stdout: "leaving\n", stderr: "" });
  await (await serial(pair.a.path)).close();
});

Deno.test("a program that is ended by an error leaves the port free", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  const ended = await run(pair.a.path, `await serial(path); throw new Error("boom");`);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /boom/);
  await (await serial(pair.a.path)).close();
});

Deno.test(
  "the permissions that a port takes, and the ones that are named when they are missing",
  ON_LINUX,
  async () => {
    await using pair = virtualSerialPair();
    await using _device = await serial(pair.b.path, { onReceive: (line, peer) => peer.send(`${line}!`) });
    const ask = `try {
    const port = await serial(path, { reconnect: true });
    console.log(await port.ask("hi"));
    await port.close();
  } catch (error) {
    console.log(error.code, error.message);
  }`;
    const enough = ["--allow-ffi", "--allow-env", "--allow-read"];
    assert.equal((await run(pair.a.path, ask, enough)).stdout, "hi!\n");
    for (const missing of enough) {
      const { stdout } = await run(pair.a.path, ask, enough.filter((flag) => flag !== missing));
      assert.match(
        stdout,
        /^permission Cannot open serial port \/dev\/pts\/\d+: Deno keeps this program from it/,
        missing,
      );
      assert.ok(stdout.includes(`start it with -A, or with ${enough.join(" ")}`), stdout);
    }
  },
);

Deno.test("importing Parley asks for nothing", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  const ended = await run(pair.a.path, `console.log(typeof serial, typeof listPorts);`, []);
  assert.deepEqual(ended, { code: 0, stdout: "function function\n", stderr: "" });
});
