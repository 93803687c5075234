import assert from "node:assert/strict";
import { connect, listen } from "../../mod.ts";
import { consoleAt, parley, runParley } from "../console/program.ts";
import { ptyAvailable } from "../pty.ts";

/** A page that was let in, as far as a test needs it: the first that it is told. */
// deno-lint-ignore no-explicit-any -- what is told is what is tested
async function lookAt(address: string, until: (batch: any) => boolean): Promise<any> {
  const first = await fetch(address);
  assert.equal(first.status, 200);
  const [cookie] = first.headers.get("set-cookie")!.split(";");
  const key = /data-key="([^"]*)"/.exec(await first.text())![1];
  const stream = await fetch(new URL("/api/stream", address), {
    headers: { cookie, authorization: `Bearer ${key}` },
  });
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of stream.body!) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const batch = JSON.parse(line);
      if (until(batch)) return batch;
    }
  }
  throw new Error("The stream has ended");
}

Deno.test(
  { name: ".web shows the links of the console, until .web off", ignore: !ptyAvailable },
  async () => {
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
    await using pty = await consoleAt({ columns: 160 });
    const enter = async (line: string, expected: RegExp) => {
      pty.type(line);
      pty.press("Enter");
      await pty.waitFor(expected);
    };
    await enter(".web off", /^There is no web view; \.web starts one\.$/m);
    await enter(".web", /^The web view is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/m);
    const address = /http:[\w.:/?]+token=[\w-]{43}/.exec(pty.output)![0];
    await enter(`const psu = await connect("${server.address}", { dialect: "lines" })`, /psu connected/);
    await enter('await psu.send("from the prompt")', /> "from the prompt"/);
    const { links, said } = await lookAt(address, ({ said = [] }) => said.length > 0);
    // deno-lint-ignore no-explicit-any -- what is told is what is tested
    assert.deepEqual(links.map(({ name, state }: any) => [name, state]), [["psu", "open"]]);
    assert.deepEqual([said[0].linkName, said[0].value], ["psu", "from the prompt"]);
    await enter('process.env.PIN = "hunter2-" + "hunter2"; const pin = await secret("PIN"); 1', /^1$/m);
    await enter("await psu.send(`PIN ${pin}`)", /> "PIN \[secret PIN\]"/);
    const { port } = new URL(address);
    await enter(
      ".web",
      new RegExp(`at http://127\\.0\\.0\\.1:${port}/\\?token=(?!${new URL(address).search.slice(7)})`),
    );
    const newest = pty.output.match(/http:[\w.:/?]+token=[\w-]{43}/g)!.at(-1)!;
    const { said: later } = await lookAt(newest, ({ said = [] }) => said.length > 1);
    assert.equal(later[1].value, "PIN [secret PIN]");
    await enter(".web 1", new RegExp(`on port ${port}; close it with \\.web off first`));
    await enter(".web of", /Cannot do \.web "of"; did you mean "off"\?/);
    await enter(".web 99999", /Cannot do \.web "99999"; a port is a number from 1 to 65535/);
    await enter(".web off", /^The web view is closed\.$/m);
    await assert.rejects(fetch(address), TypeError);
    await enter(".web", /The web view is at [^]*closed[^]*The web view is at/);
    pty.press("Ctrl-D");
    assert.equal(await pty.exited(), 0, "a web view that is open does not hold the console");
  },
);

Deno.test("parley web shows what it connects to and what it listens on, until Ctrl-C", async () => {
  await using device = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  const arrived = device.nextPeer();
  const [command, ...args] = parley("web", device.address, "--listen", "tcp://127.0.0.1:0", "-d", "lines");
  const child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
  const output = child.stderr.getReader();
  const reader = child.stdout.getReader();
  const address = new TextDecoder().decode((await reader.read()).value).trim();
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  await (await arrived).send("from the device");
  // deno-lint-ignore no-explicit-any -- what is told is what is tested
  const links = new Map<string, any>();
  await lookAt(address, (batch) => {
    for (const link of batch.links ?? []) links.set(link.kind, link);
    return batch.said?.some(({ value }: { value: unknown }) => value === "from the device");
  });
  assert.equal(links.get("client").address, device.address);
  assert.equal(links.get("client").name, `127.0.0.1:${device.port}`);
  const server = links.get("server");
  assert.equal(server.state, "listening");
  await using _drone = await connect(server.address, { dialect: "lines" });
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await reader.cancel();
  let notes = "";
  for (let piece = await output.read(); !piece.done; piece = await output.read()) {
    notes += new TextDecoder().decode(piece.value);
  }
  assert.match(notes, /^listening on tcp:\/\/127\.0\.0\.1:\d+ \(lines\)$/m);
  assert.match(notes, /^connected to tcp:/m);
});

Deno.test("parley web outlives whoever opens more connections than there may be open files", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const [command, ...args] = parley("web", "--listen", "tcp://127.0.0.1:0");
  const limited = ["-c", 'ulimit -n 128; exec "$0" "$@"', command, ...args];
  await using child = new Deno.Command("bash", { args: limited, stdout: "piped", stderr: "null" }).spawn();
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  const { value = "" } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const address = value.trim();
  const port = Number(new URL(address).port);
  const held: Deno.Conn[] = [];
  try {
    while (held.length < 128) held.push(await Deno.connect({ hostname: "127.0.0.1", port }));
  } catch {
    // it has stopped taking them: that is what this is about
  }
  const isOver = await Promise.all(held.map((each) => each.read(new Uint8Array(1)).catch(() => null)));
  assert.ok(isOver.every((read) => read === null), "all were closed to make room");
  for (const each of held) each.close();
  const page = async (): Promise<number | undefined> => {
    const response = await fetch(address).catch(() => undefined);
    await response?.body?.cancel();
    return response?.status;
  };
  let status = await page();
  while (status === undefined && !hasEnded) status = await page();
  assert.equal(status, 200, "the token is still good");
  child.kill("SIGINT");
});

Deno.test("parley web says what is wrong with its command line", async () => {
  await using taken = await listen("tcp://127.0.0.1:0");
  const cases: [string[], RegExp, number][] = [
    [[], /^parley: Cannot show anything: give an address to connect to, or --listen and an address\n$/, 2],
    [["--listen"], /^parley: Cannot show anything/, 2],
    [["nowhere"], /"nowhere" as an address/, 2],
    [["tcp://127.0.0.1:1", "--baud", "9600"], /Cannot use --baud with tcp:\/\/127\.0\.0\.1:1/, 2],
    [["tcp://127.0.0.1:1", "--port", "x"], /Cannot use "x" as --port: a number from 0 to 65535/, 2],
    [["--listen", taken.address], /\[address_in_use\]/, 3],
    [
      ["--listen", "tcp://127.0.0.1:0", "--port", String(taken.port)],
      /Cannot show the web view on 127\.0\.0\.1/,
      3,
    ],
  ];
  await Promise.all(cases.map(async ([args, stderr, code]) => {
    const ended = await runParley(["web", ...args]);
    assert.match(ended.stderr, stderr);
    assert.equal(ended.code, code, args.join(" "));
    assert.equal(ended.stdout, "");
  }));
});
