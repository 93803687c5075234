import assert from "node:assert/strict";
import { parley } from "../console/program.ts";
import { Pty, ptyAvailable } from "../pty.ts";
import { secret, type SecretQuestion, type SecretValue } from "../../mod.ts";

const NAME = "PARLEY_TEST_SECRET";

/** Runs with the variable set to this, or not set, and with these ears. */
async function withSecret<Result>(
  value: string | undefined,
  run: () => Promise<Result>,
  ears: Record<string, (event: Event) => void> = {},
): Promise<Result> {
  if (value !== undefined) Deno.env.set(NAME, value);
  for (const [name, ear] of Object.entries(ears)) globalThis.addEventListener(name, ear);
  try {
    return await run();
  } finally {
    Deno.env.delete(NAME);
    for (const [name, ear] of Object.entries(ears)) globalThis.removeEventListener(name, ear);
  }
}

Deno.test("secret gives the variable of the environment, and says to whoever masks what it is", async () => {
  const told: SecretValue[] = [];
  const value = await withSecret("hunter2", () => secret(NAME), {
    "parley:secret": (event) => void told.push((event as CustomEvent<SecretValue>).detail),
  });
  assert.equal(value, "hunter2");
  assert.deepEqual(told, [{ name: NAME, value: "hunter2" }]);
});

Deno.test("secret that is not set, or empty, says how to set it where there is no terminal", async () => {
  const code =
    `import { secret } from "./mod.ts"; await secret("${NAME}").catch((e) => console.log(e.code, e.message));`;
  const args = ["eval", "--no-check", code];
  const cwd = new URL("../..", import.meta.url);
  for (const env of [{}, { [NAME]: "" }] as Record<string, string>[]) {
    const command = new Deno.Command(Deno.execPath(), { args, cwd, env, stdin: "null" });
    assert.equal(
      new TextDecoder().decode((await command.output()).stdout),
      `no_secret No secret ${NAME}: the environment variable ${NAME} is not set, and there is no terminal to ` +
        "ask at; set it before the program starts\n",
    );
  }
});

Deno.test("secret is asked for by the program that listens, which may get none", async () => {
  const answering = (value: string | undefined) => ({
    "parley:ask-secret": (event: Event) => {
      const { name, answer } = (event as CustomEvent<SecretQuestion>).detail;
      answer(Promise.resolve(value && `${name} is ${value}`));
    },
  });
  assert.equal(await withSecret(undefined, () => secret(NAME), answering("x")), `${NAME} is x`);
  await withSecret(
    undefined,
    () => assert.rejects(secret(NAME), { code: "not_given" }),
    answering(undefined),
  );
  assert.equal(await withSecret("set", () => secret(NAME), answering("x")), "set", "nobody is asked in vain");
});

Deno.test("secret without await is refused where it would become text", () =>
  withSecret("hunter2", async () => {
    const promise = secret(NAME);
    assert.throws(() => `PIN ${promise}`, /secret\("PARLEY_TEST_SECRET"\) is a promise: write await secret/);
    assert.equal(`PIN ${await promise}`, "PIN hunter2");
  }));

Deno.test("secret has the name of a variable", () => {
  for (const name of ["", "A B", "1A", "A=B", 5 as never]) {
    assert.throws(() => secret(name), /letters, digits and _ are wanted, as in secret\("BENCH_PIN"\)/);
  }
});

for (const how of ["deno run", "parley run"]) {
  Deno.test(`secret is asked for at a terminal without being seen, in a script of ${how}`, {
    ignore: !ptyAvailable,
    timeout: 60_000,
  }, async () => {
    const folder = await Deno.makeTempDir({ dir: new URL("..", import.meta.url).pathname });
    try {
      const script = `${folder}/ask.ts`;
      await Deno.writeTextFile(
        script,
        `import { secret } from "../../mod.ts"; const pin = await secret("${NAME}"); console.log("it has", pin.length);`,
      );
      const command = how === "deno run" ? [Deno.execPath(), "run", "-qA", script] : parley("run", script);
      await using pty = Pty.run(command as [string], { cwd: folder });
      await pty.waitFor(`${NAME} (not shown)`);
      pty.type("hunter2\r");
      await pty.waitFor("it has 7");
      assert.equal(await pty.exited(), 0, "nothing keeps the program from ending");
      assert.equal(pty.cooked, true);
      assert.doesNotMatch(pty.output, /h.?u.?n.?t/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
