import { ParleyError, UsageTypeError } from "../errors.ts";
import { announceSecret } from "./known_secrets.ts";
import type { SecretQuestion } from "./secret_event.ts";

/**
 * A password or a key that must not stand in a script: the environment variable `name`, and where it is not set, what
 * somebody types at the terminal, without it being seen. The console, `.save` and `parley run` write `[secret NAME]` in
 * place of the value wherever it would appear in what they print, and recordings `*`. A value of fewer than 4 characters
 * is not masked: it stands in too much that is no secret.
 *
 * A program that wants to ask by itself listens to the global event `"parley:ask-secret"`
 * ({@linkcode SecretQuestion}); one that masks what it writes hears of each value by `"parley:secret"`
 * ({@linkcode SecretValue}).
 *
 * @param name Letters, digits and `_`, as environment variables have them.
 * @throws {UsageTypeError} code `usage`: that is no such name.
 * @throws {ParleyError} code `no_secret`: it is not set, or empty, and there is no terminal to ask at; `not_given`: whoever
 * was asked did not say.
 *
 * @example
 * ```ts
 * import { secret } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * Deno.env.set("BENCH_PIN", "0000-1111");
 * assert.equal(await secret("BENCH_PIN"), "0000-1111"); // await psu.send(`PIN ${await secret("BENCH_PIN")}`)
 * ```
 */
export function secret(name: string): Promise<string> {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageTypeError(
      `Cannot read a secret named ${
        JSON.stringify(name)
      }: letters, digits and _ are wanted, as in secret("BENCH_PIN")`,
    );
  }
  const value = read(name);
  // In `send(`PIN ${secret("PIN")}`)` the await is easily forgotten, and "[object Promise]" would be sent.
  return Object.defineProperty(value, Symbol.toPrimitive, {
    value(): never {
      value.catch(() => {}); // what is wrong is said here
      throw new UsageTypeError(`secret("${name}") is a promise: write await secret("${name}")`);
    },
  });
}

async function read(name: string): Promise<string> {
  const value = fromEnvironment(name) ?? await ask(name);
  announceSecret({ name, value });
  return value;
}

/** A variable that is empty is one that somebody forgot to fill. */
function fromEnvironment(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    throw new ParleyError(
      "no_secret",
      `Cannot read the secret ${name}: the environment may not be read; run with --allow-env=${name}`,
      { cause: error },
    );
  }
}

async function ask(name: string): Promise<string> {
  let answer: Promise<string | undefined> | undefined;
  const detail: SecretQuestion = { name, answer: (value) => answer = value };
  globalThis.dispatchEvent(new CustomEvent("parley:ask-secret", { detail }));
  if (answer === undefined && Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
    answer = askAtTerminal(name);
  }
  if (answer === undefined) {
    throw new ParleyError(
      "no_secret",
      `No secret ${name}: the environment variable ${name} is not set, and there is no terminal to ask at; ` +
        `set it before the program starts`,
    );
  }
  const value = await answer;
  if (value) return value;
  throw new ParleyError("not_given", `No secret ${name}: it was asked for and not given`);
}

async function askAtTerminal(name: string): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  const value = await password({ message: `${name} (not shown)` });
  return isCancel(value) ? undefined : value;
}
