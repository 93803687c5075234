import assert from "node:assert/strict";
import { ptyAvailable } from "../../pty.ts";
import { enter, SharePlace } from "./shared.ts";

/** A test with a folder of its own for shared consoles. */
function sharing(name: string, test: (place: SharePlace) => Promise<void>): void {
  Deno.test(`sharing: ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using place = await SharePlace.make();
    await test(place);
  });
}

sharing("a second terminal has the same links, and each is told what the other types", async (place) => {
  const host = await place.host();
  await enter(
    host,
    'const s = await listen("memory://x", { dialect: "lines", onReceive: (m, p) => p.send(`re ${m}`) })',
    "listening",
  );
  await enter(host, 'const c = await connect("memory://x", { dialect: "lines" })', "c connected");
  const one = await place.attached();
  assert.match(one.screen(), /^attached to bench as attach-1: s, c {3}Ctrl-D {2}leave\nbench> $/m);
  await host.waitFor("attach-1 has attached");
  await enter(one, 'const answer = await c.ask("hello")', /s > memory\S+ "re hello"[^]*bench> $/);
  await enter(one, "answer", /^"re hello"\nbench> $/m);
  await host.waitFor('attach-1> const answer = await c.ask("hello")');
  await host.waitFor('"re hello"');
  await enter(host, "answer + '!'", '"re hello!"');
  await one.waitFor("host> answer + '!'");
  assert.doesNotMatch(one.screen(), /re hello!/, "results are for the one who typed");
  await enter(one, "nope()", /ReferenceError: nope is not defined\n[^]*bench> $/);
  assert.doesNotMatch(host.screen(), /ReferenceError/);
  await enter(one, "console.log('mine')", /^mine\nbench> $/m);
  assert.doesNotMatch(host.screen(), /^mine$/m);
  await enter(one, ".links", /^c +client +memory:\/\/x/m);
  await enter(one, ".watch off", "Messages are not shown");
  await enter(host, 'await c.ask("quiet")', '"re quiet"');
  await enter(one, ".help share", /^\.share \[name\|off\]/m);
  assert.doesNotMatch(one.screen(), /< "re quiet"/, ".watch is of each terminal");
  await enter(one, ".share off", "This console has attached to another one");
  await enter(host, ".share", /^Shared as bench: attach-1 \(/m);
  one.press("Ctrl-D");
  assert.equal(await one.exited(), 0);
  await host.waitFor("attach-1 has left");
  await enter(host, "c.isOpen", /^true$/m);
});

sharing("Ctrl-C of one that has attached stops its own and nothing else", async (place) => {
  const host = await place.host();
  const one = await place.attached();
  const two = await place.attached();
  host.type("await new Promise((resolve) => globalThis.goOn = resolve)\r");
  await one.waitFor("host> await new Promise");
  one.type("for (;;) await new Promise((resolve) => setTimeout(resolve, 5))\r");
  await two.waitFor("attach-1> for (;;)");
  await enter(two, "1 + 1", /^2\nbench> $/m);
  one.press("Ctrl-C");
  await one.waitFor(/^Stopped\. Links and handlers are as before\.\nbench> $/m);
  await enter(one, "6 * 7", /^42\nbench> $/m);
  assert.doesNotMatch(host.screen(), /Stopped/);
  assert.doesNotMatch(two.screen(), /Stopped/);
  await enter(one, "goOn('on')", /bench> $/);
  await host.waitFor(/^"on"\n[^]*> $/m);
  one.type("half a li");
  await one.waitFor(/bench> half a li$/);
  one.press("Ctrl-C");
  await one.waitFor(/half a li\^C\nbench> $/);
  await enter(one, "const q = 'Tab'; ", /bench> $/);
  one.type("goO");
  one.press("Tab");
  await one.waitFor(/bench> goOn$/);
  one.press("Ctrl-U");
  one.press("Up");
  await one.waitFor(/bench> const q = 'Tab'; $/);
});

sharing("what one that has attached leaves running ends with it", async (place) => {
  const host = await place.host();
  const one = await place.attached();
  one.type("let turns = 0; for (;;) { turns++; await new Promise((resolve) => setTimeout(resolve, 1)) }\r");
  await host.waitFor("attach-1> let turns");
  one.kill("SIGKILL");
  await host.waitFor("attach-1 has left");
  await enter(
    host,
    "let before = turns; await new Promise((resolve) => setTimeout(resolve, 50)); turns - before",
    /^[01]$/m,
  );
});

sharing("a CI job drives the open link through a pipe, with values and exit codes", async (place) => {
  const host = await place.host();
  await enter(
    host,
    'const s = await listen("memory://x", { dialect: "lines", onReceive: (m, p) => p.send(`re ${m}`) })',
    "listening",
  );
  await enter(host, 'const psu = await connect("memory://x", { dialect: "lines" })', "psu connected");
  const json = await place.run(
    ["attach", "bench", "--json"],
    'await psu.ask("*IDN?")\nnew Uint8Array([1])\n',
  );
  assert.deepEqual([json.code, json.stdout], [0, '{"value":"re *IDN?"}\n{"value":{"$bytes":"AQ=="}}\n']);
  const text = await place.run(["attach", "-q"], 'const v = await psu.ask(\n"v")\nconsole.log("said", v)\nv');
  assert.deepEqual([text.code, text.stdout, text.stderr], [0, 'said re v\n"re v"\n', ""]);
  const late = await place.run(
    ["attach", "bench", "-q"],
    'await psu.receive({ timeoutMs: 5 })\nnope\n"on"\n',
  );
  assert.deepEqual([late.code, late.stdout], [4, '"on"\n']);
  assert.match(late.stderr, /^TimeoutError/);
  const syntax = await place.run(["attach", "bench", "-q"], "const = 1\n");
  assert.equal(syntax.code, 1);
  assert.match(syntax.stderr, /SyntaxError/);
  const large = await place.run(["attach", "bench", "-q", "--json"], '"x".repeat(2_000_000)\n"then"\n');
  assert.deepEqual([large.code, large.stdout], [1, '{"value":"then"}\n']);
  assert.match(large.stderr, /"message":"The value has 20000\d+ characters/);
  const left = await place.run(["attach", "bench", "-q"], ".exit\n'never'\n");
  assert.deepEqual([left.code, left.stdout], [0, ""]);
  const script = `${place.folder}/session.ts`;
  await enter(host, `.save ${script}`, `Saved ${script}`); // what was typed elsewhere belongs to the session
  const saved = await Deno.readTextFile(script);
  assert.match(saved, /psu\.ask\("\*IDN\?"\)/);
});

sharing("the console that leaves ends what has attached, with a line and an exit code", async (place) => {
  const host = await place.host();
  const one = await place.attached();
  const waiting = place.run(["attach", "bench", "-q"], "await new Promise(() => {})\n");
  await host.waitFor("attach-2> await new Promise");
  host.press("Ctrl-D");
  assert.equal(await host.exited(), 0);
  assert.equal(await one.exited(), 3);
  assert.match(one.screen(), /^bench has ended: nothing is attached any more\.$/m);
  assert.deepEqual(await waiting, {
    code: 3,
    stdout: "",
    stderr: "parley: bench has ended: nothing is attached any more\n",
  });
  assert.deepEqual([...Deno.readDirSync(`${place.folder}/parley`)], []);
});

sharing(
  "a name that is taken, a console that has ended and names that are none are told in a line",
  async (place) => {
    const host = await place.host();
    const other = await place.host("other");
    await enter(other, ".share off", "No longer shared as other.");
    await enter(
      other,
      ".share bench",
      /^"bench" is shared already by another console: in a shell, parley attach bench joins it/m,
    );
    await enter(other, ".share ../x", /^Cannot use "\.\.\/x" as the name of a shared console/m);
    await enter(host, ".share bank", /^Shared as bench already; \.share off ends that$/m);
    host.kill("SIGKILL");
    await host.exited();
    const ended = await place.run(["attach", "bench"]);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /Cannot attach to "bench": its console has ended/);
    await enter(other, ".share bench", /^Shared as bench: parley attach bench/m);
    assert.equal((await place.run(["attach", "-q"], "1\n")).stdout, "1\n");
    const typo = await place.run(["attach", "bnech"]);
    assert.match(typo.stderr, /no console is shared under that name; did you mean "bench"\?/);
    assert.equal(typo.code, 3);
    await Deno.writeTextFile(`${place.folder}/parley/plain.sock`, "");
    assert.match((await place.run(["attach", "xyz"])).stderr, /under that name; shared are bench\n$/);
    for (const name of ["../x", "a b", ""]) {
      const wrong = await place.run(["attach", name]);
      const why = `Cannot use ${JSON.stringify(name)} as the name of a shared console: up to 32 letters`;
      assert.equal(wrong.stderr.slice(0, 8 + why.length), `parley: ${why}`);
      assert.equal(wrong.code, 2);
    }
  },
);

sharing("checks and shown values of a job go to the job, whose exit code is 6", async (place) => {
  const host = await place.host();
  const input = 'check(1, "one").equals(1)\nawait 1; check(2).equals(3)\nshow("mine")\n';
  const text = await place.run(["attach", "-q"], input);
  assert.equal(text.stdout, 'ok      one: 1 is 1\n1\nnot ok  2 is not 3\n"mine"\n');
  assert.deepEqual([text.stderr, text.code], ["", 6]);
  const json = await place.run(["attach", "-q", "--json"], "check(2).equals(3)\n7\n");
  const [{ check }, seven] = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([check.ok, check.text, seven, json.code], [false, "2 is not 3", { value: 7 }, 6]);
  // What is worse than a check that does not hold is told, in whatever order they come; and one job is not another.
  assert.equal((await place.run(["attach", "-q"], "check(2).equals(3)\nnope\n")).code, 1);
  assert.equal((await place.run(["attach", "-q"], "nope\ncheck(2).equals(3)\n")).code, 1);
  assert.equal((await place.run(["attach", "-q"], "check(2).equals(2)\n")).code, 0);
  await enter(host, "'end'", /^"end"$/m);
  assert.doesNotMatch(host.screen(), /^(not )?ok /m);
});

sharing(
  "an endless loop of one that has attached ends at its Ctrl-C, one of the console does not",
  async (place) => {
    const host = await place.host();
    const one = await place.attached();
    one.type("for (;;) {}\r");
    await host.waitFor("attach-1> for (;;) {}");
    one.press("Ctrl-C");
    await one.waitFor(/^Stopped\. Links and handlers are as before\.\nbench> $/m);
    await enter(host, "'host goes on'", /^"host goes on"$/m);
    one.type("await new Promise(() => {})\r");
    await host.waitFor("attach-1> await new Promise");
    host.type("const end = Date.now() + 1500; while (Date.now() < end); 'ran to its end'\r");
    await one.waitFor("host> const end");
    one.press("Ctrl-C");
    await host.waitFor(/^"ran to its end"$/m);
    await one.waitFor(/Stopped[^]*Stopped\. Links and handlers are as before\.\nbench> $/);
  },
);

sharing(
  "one that has attached can stop its connecting, and leave a console that does not answer",
  async (place) => {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const host = await place.host();
    const one = await place.attached();
    one.type(`await connect("tcp://127.0.0.1:${silent.addr.port}", { limits: { handshakeMs: 60_000 } })\r`);
    using _connection = await silent.accept();
    one.press("Ctrl-C");
    await one.waitFor(/^Stopped\. Links and handlers are as before\.\nbench> $/m);
    await enter(host, ".links", /^No links\./m);

    const go = `${place.folder}/go`;
    host.type(`for (;;) try { Deno.lstatSync("${go}"); break } catch {}; 'free'\r`);
    await one.waitFor("host> for (;;) try");
    one.type("1 + 1\r");
    await one.until(() => one.screen().endsWith("1 + 1") && one.cursor.column === 0, "that it waits");
    one.press("Ctrl-C", "Ctrl-C");
    await one.waitFor("(nothing has stopped yet; Ctrl-C once more leaves)");
    one.press("Ctrl-C");
    assert.equal(await one.exited(), 130);
    await Deno.writeTextFile(go, "");
    await host.waitFor(/^"free"$/m);
  },
);
