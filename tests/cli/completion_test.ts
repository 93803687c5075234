import assert from "node:assert/strict";
import { parley } from "../console/program.ts";
import { Pty, ptyAvailable } from "../pty.ts";
import { replacedPart, shellWords } from "../../src/cli/completion/shell_words.ts";
import { beginning, words } from "../../src/cli/completion/candidates.ts";

/** Where `parley` is a program that tells what it was called with, and a shell may look for it. */
async function desk() {
  const folder = await Deno.makeTempDir();
  const quoted = parley().map((word) => `'${word}'`).join(" ");
  const program = `#!/bin/sh
if [ "$1" = complete ]; then exec ${quoted} "$@"; fi
printf 'ran: '; printf '<%s>' "$@"; echo ';'
`;
  await Deno.mkdir(`${folder}/bin`);
  await Deno.writeTextFile(`${folder}/bin/parley`, program, { mode: 0o755 });
  await Deno.writeTextFile(`${folder}/script.ts`, "");
  await Deno.writeTextFile(`${folder}/config.toml`, '[bench-psu]\naddress = "tcp://127.0.0.1:1"\n');
  return {
    folder,
    env: {
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      HOME: folder,
      INIT_CWD: folder,
      PARLEY_CONFIG: `${folder}/config.toml`,
      TERM: "dumb",
      PS1: "ready> ",
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const shells: Record<string, { command: [string, ...string[]]; setUp: string }> = {
  bash: { command: ["bash", "--norc", "-i"], setUp: `eval "$(parley complete bash)"` },
  zsh: {
    command: ["zsh", "-f"],
    setUp: `PROMPT='ready> '; autoload -Uz compinit; compinit -u; eval "$(parley complete zsh)"`,
  },
  fish: { command: ["fish", "--no-config"], setUp: "parley complete fish | source" },
};

/** What is typed before Tab, and what is then run. */
const cases: readonly [typed: string, ran: string][] = [
  ["parley as", "<ask>"],
  ["parley ask be", "<ask><bench-psu>"],
  ["parley ask serial:a", "<ask><serial:auto>"],
  ["parley ask 'serial:a", "<ask><serial:auto>"],
  ["parley ask x --dialect=cle", "<ask><x><--dialect=clever-show>"],
  ["parley ask x -d cle", "<ask><x><-d><clever-show>"],
  ["parley ask x -o ski", "<ask><x><-o><skipEmpty=>"],
  ["parley monitor x --timestamps st", "<monitor><x><--timestamps><start>"],
  ["parley ask '*IDN?' --un", "<ask><*IDN?><--until>"],
  ["parley run scr", "<run><script.ts>"],
  ["parley ask se", "<ask><serial:>"],
];

for (const [name, { command, setUp }] of Object.entries(shells)) {
  const isThere = ptyAvailable && await isInstalled(command[0]);
  Deno.test({
    name: `Tab in a real ${name} completes the words of parley${
      isThere ? "" : ` (skipped: apt-get install ${name} first)`
    }`,
    ignore: !isThere,
    async fn() {
      await using there = await desk();
      await using pty = Pty.run(command, { columns: 200, cwd: there.folder, env: there.env });
      pty.type(`${setUp}; echo set-up | tr a-z A-Z\r`);
      await pty.until(() => pty.output.includes("SET-UP"), `a ${name} that has read the script`);
      const ran = () => [...pty.output.matchAll(/ran: (.*);/g)].map(([, words]) => words.replace("<>", ""));
      for (const [index, [typed, expected]] of cases.entries()) {
        // The shell reads the key behind Tab when it has its answer.
        pty.type(`${typed}\t\r`);
        await pty.until(() => ran().length > index, `what is run of ${typed}`);
        assert.equal(ran()[index], expected);
      }
      pty.type("exit\r");
      await pty.exited();
    },
  });
}

async function isInstalled(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" })
    .output();
  return success;
}

Deno.test("a line is cut into words as a shell does, and nothing in it is run", () => {
  const lines: [string, string[], string][] = [
    ["parley ", [""], ""],
    ["parley ask ser", ["ask", "ser"], "ser"],
    ["A=1 parley ask  x ", ["ask", "x", ""], ""],
    [`parley ask 'a b' "c \\"d\\" $(e)" f\\ g`, ["ask", "a b", `c "d" $(e)`, "f g"], "f\\ g"],
    [`parley ask 'se`, ["ask", "se"], "'se"],
    [`parley ask "se`, ["ask", "se"], `"se`],
    ["parley ask ü😀 x\\", ["ask", "ü😀", "x"], "x\\"],
  ];
  for (const [line, expected, typed] of lines) {
    assert.deepEqual(shellWords(line), { words: expected, typed }, line);
  }
});

Deno.test("bash gets what it replaces: the part of the word behind its last break", () => {
  const breaks = " \t\n\"'><=;|&(:";
  assert.equal(replacedPart("serial:/dev/ttyUSB0", "serial:/d", breaks), "/dev/ttyUSB0");
  assert.equal(replacedPart("serial:/dev/ttyUSB0", "'serial:/d", breaks), "serial:/dev/ttyUSB0");
  assert.equal(replacedPart("serial:/dev/ttyUSB0", "serial:/d", " \t"), "serial:/dev/ttyUSB0");
  assert.equal(replacedPart("--dialect=lines", "--dialect=l", breaks), "lines");
  assert.equal(replacedPart("ask", "a", breaks), "ask");
});

Deno.test("a candidate that a shell could take for more than a word is left out", () => {
  const hostile = words(
    "serial:id:$(reboot)",
    "serial:id:a b",
    "serial:id:`x`",
    "serial:id:;x",
    "serial:id:OK-1",
  );
  assert.deepEqual(beginning("serial:ID:", hostile).values, [{ value: "serial:ID:OK-1" }]);
});
