import assert from "node:assert/strict";
import { listen, type Server } from "../../mod.ts";
import { runParley } from "../console/program.ts";
import { inTemp } from "../record/recordings.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;

/** A script that says a password, which the device says again byte by byte. */
const script = (address: string) =>
  `import { connect, secret, show } from ${JSON.stringify(MOD)};
const psu = await connect("${address}", { dialect: "lines" });
show(await psu.ask(\`LOGIN \${await secret("DOOR_PIN")}\`));
show(await psu.ask("VOUT1?"));
await psu.close();
`;

async function door(pin: string): Promise<Server> {
  return await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: async (bytes, peer) => {
      const line = new TextDecoder().decode(bytes);
      const answer = line === `LOGIN ${pin}\n`
        ? `WELCOME ${pin}\n`
        : line === "VOUT1?\n"
        ? "5.00\n"
        : `BAD ${line}`;
      for (const byte of new TextEncoder().encode(answer)) await peer.send(Uint8Array.of(byte));
    },
  });
}

Deno.test("a script whose password was recorded as stars runs without device and password, and replays with it", async () => {
  await inTemp(async (folder) => {
    const server = await door("hunter2-cli");
    const run = (args: string[], pin = "") => runParley(args, "", { cwd: folder, env: { DOOR_PIN: pin } });
    await Deno.writeTextFile(`${folder}/it.ts`, script(server.address));
    const real = await run(["run", "--record", "it.log", "it.ts"], "hunter2-cli");
    assert.deepEqual([real.stdout, real.code], ['"WELCOME [secret DOOR_PIN]"\n"5.00"\n', 0], real.stderr);
    const text = await Deno.readTextFile(`${folder}/it.log`);
    assert.doesNotMatch(text, /hunter|nter2/);

    for (const pin of ["hunter2-cli", "one for the mock", ""]) {
      const mocked = await run(["run", "--mock", "psu=it.log", "it.ts"], pin);
      assert.deepEqual([mocked.stdout, mocked.stderr, mocked.code], [real.stdout, "", 0], pin);
    }
    const none = await run(["replay", "it.log", "--wait"]);
    assert.match(
      none.stderr,
      /^parley: Cannot replay .* of it\.log: it was recorded without its secret\. No secret DOOR_PIN: .* set it before the program starts\n$/,
    );
    assert.equal(none.code, 2);
    const right = await run(["replay", "it.log", "--wait"], "hunter2-cli");
    const came = [...right.stderr.matchAll(/← "(.*)"/g)].map(([, piece]) => piece).join("");
    assert.equal(came, `WELCOME ${"*".repeat(11)}\\n5.00\\n`, "also byte by byte");
    assert.match(right.stderr, /^ {3}1 → "LOGIN \*{11}\\n"\n[^]*4 steps as recorded/);
    assert.equal(right.code, 0);
    const wrong = await run(["replay", "it.log", "--wait"], "no such pin");
    assert.match(wrong.stderr, /step 2 .* was to say "W.*", and "BAD LOGIN \*{11}\\n" came/);
    assert.equal(wrong.code, 6);
    for (const { stdout, stderr } of [none, right, wrong]) {
      assert.doesNotMatch(stdout + stderr, /hunter2|no such pin/);
    }
    await server.close();
  });
});

Deno.test("parley run --mock --json tells a mismatch as JSON, and --record on a full disk by the exit code", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await inTemp(async (folder) => {
    await using server = await door("hunter2-json");
    const env = { DOOR_PIN: "hunter2-json" };
    await Deno.writeTextFile(`${folder}/it.ts`, script(server.address));
    await runParley(["run", "--record", "it.log", "it.ts"], "", { cwd: folder, env });
    const changes: [string, string, RegExp][] = [
      ["VOUT1?", "VOUT2?", /was to say "VOUT1\?\\n", and "VOUT2\?\\n" came/],
      ['show(await psu.ask("VOUT1?"));', "", /nothing came; the program has ended the link/],
    ];
    for (const [from, to, why] of changes) {
      await Deno.writeTextFile(`${folder}/it.ts`, script(server.address).replace(from, to));
      const args = ["run", "--json", "--mock", "psu=it.log", "it.ts"];
      const { stderr, code } = await runParley(args, "", { cwd: folder });
      assert.equal(code, 6, stderr);
      const { error, exit } = JSON.parse(stderr);
      assert.deepEqual([error.code, exit], ["mismatch", 6]);
      assert.match(error.message, why);
    }
    await Deno.writeTextFile(`${folder}/it.ts`, script(server.address));
    const full = await runParley(["run", "--record", "/dev/full", "--force", "it.ts"], "", {
      cwd: folder,
      env,
    });
    assert.match(full.stderr, /Recording to \/dev\/full has ended: no space is left on the disk/);
    assert.deepEqual([full.stdout, full.code], ['"WELCOME [secret DOOR_PIN]"\n"5.00"\n', 1]);
  });
});
