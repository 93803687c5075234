import assert from "node:assert/strict";
import { listen } from "../../mod.ts";
import { configPath } from "../../src/cli/profiles/config_path.ts";
import { lineOf } from "../../src/cli/profiles/config_lines.ts";
import { runParley } from "../console/program.ts";
import { withoutTimes } from "./without_times.ts";

/** Runs the program with this text as its profiles. */
async function withProfiles(text: string, args: string[], env: Record<string, string> = {}) {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/config.toml`;
  await Deno.writeTextFile(file, text);
  const ended = await runParley(args, "", { env: { PARLEY_CONFIG: file, ...env } });
  await Deno.remove(folder, { recursive: true });
  return {
    ...ended,
    stderr: ended.stderr.replaceAll(file, "FILE"),
    stdout: ended.stdout.replaceAll(file, "FILE"),
  };
}

Deno.test("a profile gives address, dialect and settings, and flags win over it", async (t) => {
  const heard: string[] = [];
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: async (bytes: Uint8Array, peer) => {
      heard.push(new TextDecoder().decode(bytes));
      await peer.send("echo\r\nanswer\r\n");
    },
  });
  const text = `
    [bench-psu]
    address = "${server.address}"
    description = "the supply"
    dialect = "lines"
    newline = "crlf"
    timeout = 5000
    [odd]
    address = "${server.address}"
    dialect = "lines"
    [odd.option]
    skipEmpty = true
    ["quoted name"]
    address = "tcp://127.0.0.1:1"
  `;
  const cases: [string[], string, string][] = [
    [["ask", "bench-psu", "*IDN?"], "echo\n", "*IDN?\r\n"],
    [["ask", "bench-psu", "*IDN?", "--newline", "lf", "-d", "lines"], "echo\n", "*IDN?\n"],
    [["ask", "odd", "x"], "echo\n", "x\n"],
    [["monitor", "bench-psu", "--count", "2"], "echo\r\nanswer\r\n", ""],
    [
      ["ask", "bench-psu", "x", "--json"],
      `{"time":T,"address":"${server.address}","ms":N,"value":"echo"}\n`,
      "x\r\n",
    ],
  ];
  for (const [args, stdout, said] of cases) {
    await t.step(args.join(" "), async () => {
      const isMonitor = args[0] === "monitor";
      if (isMonitor) server.use({ onConnect: (peer) => peer.send("echo\r\nanswer\r\n") });
      const ended = await withProfiles(text, args);
      assert.deepEqual([withoutTimes(ended.stdout), ended.stderr, ended.code], [stdout, "", 0]);
      if (!isMonitor) assert.equal(heard.at(-1), said);
    });
  }
});

Deno.test("what is wrong in a file of profiles is told with file, line and what was meant", async (t) => {
  const address = 'address = "tcp://127.0.0.1:1"';
  const cases: [text: string, name: string, stderr: string][] = [
    [`[psu]\n${address}\n`, "psy", 'There is no profile "psy" in FILE; did you mean "psu"?'],
    [`[psu]\n${address}\n[lamp]\n${address}\n`, "x", 'There is no profile "x" in FILE; there are psu, lamp'],
    ["", "x", 'There is no profile "x" in FILE; there are none'],
    [
      `[psu]\nadress = "x"\n`,
      "psu",
      'FILE, line 2: unknown key "adress"; did you mean "address"? (profile "psu")',
    ],
    [
      `[psu]\nbaud = 9600\n`,
      "psu",
      'FILE, line 1: there is no address; write address = "tcp://192.168.1.99:5025" (profile "psu")',
    ],
    [
      `[a]\n${address}\n\n[psu]\n${address}\ntimeout = true\n`,
      "psu",
      'FILE, line 6: "timeout" cannot be true: text or a number is wanted (profile "psu")',
    ],
    [
      `[psu]\n${address}\ndialect = "liens"\n`,
      "psu",
      'FILE, line 3: cannot use "liens" as dialect; did you mean "lines"? (profile "psu")',
    ],
    [
      `[psu]\n${address}\ntimeout = "soon"\n`,
      "psu",
      'FILE, line 3: Cannot use "soon" as a time: 500ms, 2s or 1m is wanted (profile "psu")',
    ],
    [
      `[psu]\n${address}\n[psu.option]\necoh = 1\n`,
      "psu",
      'FILE, line 3: Unknown option of a dialect "ecoh" in --option ecoh=1; did you mean "echo"? (profile "psu")',
    ],
    [
      `[psu]\naddress = 5\n`,
      "psu",
      'FILE, line 2: "address" has to be text, as in address = "…" (profile "psu")',
    ],
    [
      `[psu]\nnewline = crlf\n`,
      "psu",
      'FILE, line 2: invalid value in "newline = crlf"; text stands in quotes: newline = "crlf"',
    ],
    [
      `[psu]\nbaud 9600\n`,
      "psu",
      'FILE, line 2: illegal character in key in "baud 9600"; write baud = 9600',
    ],
    [
      `[psu]\n${address}\nbaud = 1\nbaud = 2\n`,
      "psu",
      'FILE, line 4: trying to redefine an already defined table or value in "baud = 2"',
    ],
    [
      `baud = 9600\n[psu]\n${address}\n`,
      "baud",
      'FILE, line 1: "baud" stands above any profile; write [name-of-the-profile] before it',
    ],
  ];
  for (const [text, name, stderr] of cases) {
    await t.step(stderr, async () => {
      const ended = await withProfiles(text, ["ask", name, "x"]);
      assert.deepEqual([ended.stderr, ended.stdout, ended.code], [`parley: ${stderr}\n`, "", 2]);
    });
  }
});

Deno.test("an address reads no profiles, and a word that is none is told as before", async () => {
  const broken = "[psu\n";
  const refused = await withProfiles(broken, ["send", "tcp://127.0.0.1:1", "x"]);
  assert.equal(refused.code, 3);
  const port = await withProfiles(`[psu]\naddress = "x:1"\n`, ["ask", "COM3", "x"]);
  assert.match(port.stderr, /write "serial:COM3" for a serial port/);
  const gone = await runParley(["ask", "psu", "x"], "", { env: { PARLEY_CONFIG: "/nowhere/x.toml" } });
  assert.equal(
    gone.stderr,
    'parley: Cannot read the profiles "/nowhere/x.toml": there is no such file; PARLEY_CONFIG names it\n',
  );
  assert.equal(gone.code, 2);
  const none = await runParley(["ask", "psu", "x"], "", {
    env: { PARLEY_CONFIG: "", XDG_CONFIG_HOME: "/nowhere" },
  });
  assert.equal(
    none.stderr,
    'parley: "psu" is no address such as tcp://192.168.1.99:5025, and no profile: there is no ' +
      "/nowhere/parley/config.toml; parley profiles --help shows how to write one\n",
  );
  assert.equal(none.code, 2);
  const folder = await runParley(["ask", "psu", "x"], "", { env: { PARLEY_CONFIG: "/" } });
  assert.match(folder.stderr, /^parley: Cannot read the profiles "\/": that is a folder; PARLEY_CONFIG/);
});

Deno.test("a profile whose name cannot be said at a shell is told, and none drives the terminal", async () => {
  const text = `["odd name/x"]\naddress = "x:1"\n["a\\u001b[31m"]\naddress = "x:1"\n`;
  const listed = await withProfiles(text, ["profiles"]);
  assert.equal(
    listed.stderr,
    "parley: FILE, line 1: a name with a colon, a slash or a blank in it would be taken for an address; " +
      'write ["odd-name-x"] (profile "odd name/x")\n',
  );
  assert.deepEqual([listed.stdout, listed.code], ["profile    address  settings\na\\x1b[31m  x:1\n", 2]);
  const other = await withProfiles(text, ["ask", "nothing", "x"]);
  assert.match(other.stderr, /; there are odd name\/x, a\\x1b\[31m\n$/);
});

Deno.test("parley profiles lists them, and goes on after one that is wrong", async () => {
  const text = `[psu]\naddress = "serial:id:KORAD"\nbaud = 9600\noption = { echo = true }\n` +
    `description = "hot\\u001b[31m"\n[bad]\naddress = "x:1"\nbuad = 1\n`;
  const table = await withProfiles(text, ["profiles"]);
  assert.equal(
    table.stdout,
    "profile  address          settings\n" +
      'psu      serial:id:KORAD  baud 9600, option {"echo":true}  hot\\x1b[31m\n',
  );
  assert.match(table.stderr, /^parley: FILE, line 8: unknown key "buad"; did you mean "baud"\? .*\n$/);
  assert.equal(table.code, 2);
  const json = await withProfiles(text.split("[bad]")[0], ["profiles", "--json"]);
  assert.deepEqual(JSON.parse(json.stdout), {
    name: "psu",
    address: "serial:id:KORAD",
    baud: 9600,
    option: { echo: true },
    description: "hot\x1b[31m",
    file: "FILE",
  });
  const none = await runParley(["profiles"], "", { env: { PARLEY_CONFIG: "", XDG_CONFIG_HOME: "/nowhere" } });
  assert.deepEqual([none.stdout, none.code], ["", 0]);
  assert.match(none.stderr, /^No profiles in \/nowhere\/parley\/config\.toml; parley profiles --help shows/);
});

Deno.test("profiles are where settings of a program are on this system", () => {
  const path = (env: Record<string, string>, isWindows = false) =>
    configPath({ env: (name) => env[name], isWindows })?.replaceAll("\\", "/");
  assert.equal(path({ PARLEY_CONFIG: "/x.toml", HOME: "/home/me" }), "/x.toml");
  assert.equal(path({ XDG_CONFIG_HOME: "/cfg", HOME: "/home/me" }), "/cfg/parley/config.toml");
  assert.equal(path({ XDG_CONFIG_HOME: "", HOME: "/home/me" }), "/home/me/.config/parley/config.toml");
  assert.equal(path({ APPDATA: "C:/Data", HOME: "/x" }, true), "C:/Data/parley/config.toml");
  assert.equal(path({}), undefined);
});

Deno.test("a key is found in the table it stands in", () => {
  const source = `a = 1\n[one]\n'a' = 1\n[ "two" ]\r\n# a = 1\n  a.b = 1\n[two.c]\nd = 1\n[three]\na = 1`;
  assert.equal(lineOf(source, "one", "a"), 3);
  assert.equal(lineOf(source, "two", "a"), 6);
  assert.equal(lineOf(source, "two", "c"), 7);
  assert.equal(lineOf(source, "two", "gone"), 4);
  assert.equal(lineOf(source, "three"), 9);
  assert.equal(lineOf(source, "four", "a"), undefined);
});
