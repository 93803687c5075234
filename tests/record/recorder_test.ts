import assert from "node:assert/strict";
import { connect, createClient, listen, readRecording, record, serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import fc from "fast-check";
import { fromPlain, toPlain } from "../../src/record/recording_value.ts";
import { WITH_PORTS } from "../transport/serial/open_lines.ts";
import { inTemp, powerSupply, recorded, said } from "./recordings.ts";

Deno.test("a client is recorded with its address as it was given, every byte, what it means, and its end", async () => {
  await using supply = await powerSupply();
  const address = supply.address.replace("127.0.0.1", "localhost");
  const psu = await connect(address, { dialect: "lines" });
  const recording = await recorded({ psu }, async () => {
    await psu.ask("*IDN?");
    await psu.close();
  });
  const [link] = recording.links;
  assert.deepEqual([link.name, link.address, link.role, link.dialect], ["psu", address, "client", "lines"]);
  assert.deepEqual(said(recording), ["out *IDN?\n", "in KORAD KD3305P V4.2\n"]);
  assert.equal(link.connections[0].end?.byUs, true);
  const traffic = link.connections[0].entries.filter((entry) => entry.kind === "said").map(({ traffic }) =>
    traffic
  );
  assert.deepEqual(traffic.map(({ direction, kind }) => `${direction} ${kind}`), [
    "out message",
    "in message",
  ]);
});

Deno.test("a server is recorded with each of its peers, and a client from before its first byte on", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await using supply = await powerSupply();
    const early = await connect(supply.address, { dialect: "lines" });
    await early.ask("VOUT1?");
    const late = createClient(supply.address, { dialect: "lines" });
    await using recorder = await record(path, { supply, late });
    await late.start();
    await late.ask("*IDN?");
    await early.ask("VOUT1?");
    await early.close();
    await late.close();
    await recorder.close();
    const recording = await readRecording(path);
    const [server] = recording.links;
    assert.equal(server.role, "server");
    assert.equal(server.connections.length, 2);
    assert.equal(new Set(server.connections.map(({ peer }) => peer)).size, 2);
    assert.deepEqual(said(recording, "late"), ["out *IDN?\n", "in KORAD KD3305P V4.2\n"]);
  });
});

Deno.test("connections of a link that was lost are told apart", async () => {
  let supply = await powerSupply();
  const { address } = supply;
  await using psu = await connect(address, { dialect: "lines", reconnect: { minMs: 1, maxMs: 5 } });
  const recording = await recorded({ psu }, async () => {
    await psu.ask("VOUT1?");
    const down = Promise.withResolvers<void>();
    psu.use({ onDisconnect: () => down.resolve() });
    await supply.close();
    await down.promise;
    supply = await powerSupply(address);
    await psu.ready;
    await psu.ask("*IDN?");
  });
  await supply.close();
  const [{ connections }] = recording.links;
  assert.equal(connections.length, 2);
  assert.equal(connections[0].end?.byUs, false);
  assert.equal(connections[1].end, undefined);
});

Deno.test("bytes that are no clean text are in base64, and nothing in a recording drives a terminal", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await using server = await listen("tcp://127.0.0.1:0", {
      dialect: "lines",
      onReceive: (line, peer) => peer.send(line),
    });
    await using client = await connect(server.address, { dialect: "lines" });
    const recorder = await record(path, { client });
    for (const line of ["tab\there \u00fc\u2603", "\x1b[2Jgone", "c1\x9b", "\u202ereversed\u2028\u{e0041}"]) {
      assert.equal(await client.ask(line), line);
    }
    await recorder.close();
    const text = await Deno.readTextFile(path);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u{e0000}-\u{e007f}]/u);
    assert.match(text, /"text":"tab\\there ü☃\\n"/);
    assert.match(text, /"base64":"G1sySmdvbmUK"/);
    const recording = await readRecording(path);
    assert.deepEqual(said(recording).slice(2, 4), ["out \x1b[2Jgone\n", "in \x1b[2Jgone\n"]);
    assert.equal(said(recording)[6], "out \u202ereversed\u2028\u{e0041}\n");
  });
});

Deno.test("a file that is there is not overwritten unnoticed", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await Deno.writeTextFile(path, "mine");
    await assert.rejects(record(path), {
      code: "exists",
      message: /the file exists; overwrite it, or choose/,
    });
    assert.equal(await Deno.readTextFile(path), "mine");
    await (await record(path, {}, { overwrite: true })).close();
    assert.match(await Deno.readTextFile(path), /^\{"format":"parley-recording"/);
    await assert.rejects(record(`${folder}/no/it`), { code: "no_such_path" });
  });
});

Deno.test("a recording that has no more room ends with a whole line, is told once, and the link lives on", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    const failures: Error[] = [];
    await using supply = await powerSupply();
    await using psu = await connect(supply.address, { dialect: "lines" });
    await using recorder = await record(path, { psu }, {
      maxBytes: 700,
      onFail: (error) => failures.push(error),
    });
    for (let count = 0; count < 20; count++) assert.equal(await psu.ask("VOUT1?"), "5.00");
    assert.equal(failures.length, 1);
    assert.match(failures[0].message, /has ended: it has reached 700 bytes \(maxBytes\)/);
    assert.equal(recorder.isOpen, false);
    assert.equal(recorder.failure, failures[0]);
    const text = await Deno.readTextFile(path);
    assert(text.length <= 700 && text.endsWith("}\n"));
    await readRecording(path);
  });
});

Deno.test(
  "a full disk is told once, and the link lives on",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    const failures: { code?: string; message: string }[] = [];
    await using supply = await powerSupply();
    await using psu = await connect(supply.address, { dialect: "lines" });
    await using recorder = await record("/dev/full", { psu }, {
      overwrite: true,
      onFail: (error) => failures.push(error),
    });
    assert.equal(await psu.ask("VOUT1?"), "5.00");
    assert.deepEqual(failures.map(({ code }) => code), ["disk_full"]);
    assert.match(failures[0].message, /^Recording to \/dev\/full has ended: no space is left on the disk$/);
    assert.equal(recorder.isOpen, false);
  },
);

Deno.test(
  "half a line that has found no room is taken back",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await inTemp(async (folder) => {
      const mod = new URL("../../mod.ts", import.meta.url).href;
      const script = `import { listen, record } from ${JSON.stringify(mod)};
const recorder = await record("it.jsonl", {}, { onFail: (error) => console.log(error.code) });
for (let name = 0; recorder.isOpen; name++) {
  await using server = await listen("memory://" + name);
  recorder.add(server, "link" + name);
}`;
      await Deno.writeTextFile(`${folder}/it.ts`, script);
      // The file may have 1024 bytes, as on a disk that is full there.
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const command =
        `trap '' XFSZ; ulimit -f 1; exec "${Deno.execPath()}" run -A --no-check --no-lock --config "${config}" it.ts`;
      const { stdout, stderr } = await new Deno.Command("bash", { args: ["-c", command], cwd: folder })
        .output();
      assert.match(new TextDecoder().decode(stdout), /^(too_large|io)\n$/, new TextDecoder().decode(stderr));
      const text = await Deno.readTextFile(`${folder}/it.jsonl`);
      assert(text.length > 800 && text.length <= 1024 && text.endsWith("}\n"), `${text.length} bytes`);
      assert.equal((await readRecording(`${folder}/it.jsonl`)).problem, undefined);
    });
  },
);

Deno.test("a link gets its name later, and two links never share one", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await using supply = await powerSupply();
    await using a = await connect(supply.address, { dialect: "lines" });
    await using b = await connect(supply.address, { dialect: "lines" });
    let name = a.address;
    await using recorder = await record(path);
    recorder.add(a, () => name);
    recorder.add(b, "psu");
    await a.ask("VOUT1?");
    name = "psu";
    await b.ask("*IDN?");
    await recorder.close();
    const text = await Deno.readTextFile(path);
    assert.equal(text.split('"event":"name"').length, 2, "it is told once");
    const recording = await readRecording(path);
    assert.deepEqual(recording.links.map((link) => link.name).sort(), ["psu", "psu#2"]);
    assert.deepEqual(said(recording, "psu#2"), ["out VOUT1?\n", "in 5.00\n"]);
  });
});

Deno.test("a serial line is recorded with how it is set", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using supply = await powerSupply(`serial:${pair.a.path}`);
  await using psu = await serial(pair.b.path, { baudRate: 9600, parity: "even" });
  const recording = await recorded({ psu }, () => psu.ask("VOUT1?"));
  assert.deepEqual(recording.links[0].settings, { baudRate: 9600, parity: "even" });
  assert.equal(recording.links[0].address, `serial:${pair.b.path}`);
  assert(supply.isListening);
});

Deno.test("what is no link, or no option, is refused", async () => {
  await assert.rejects(record("/tmp/x", { psu: {} as never }), {
    message: /Cannot record "psu": a link is wanted/,
  });
  await assert.rejects(record("/tmp/x", {}, { overwrit: true } as never), {
    message: /did you mean "overwrite"/,
  });
  await assert.rejects(record(""), { message: /the path of a file is wanted/ });
});

Deno.test("any value comes out of a recording as it went in", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
      assert.deepEqual(fromPlain(JSON.parse(JSON.stringify(toPlain(value)))), normal(value));
    }),
    { seed: 5, numRuns: 500 },
  );
  for (
    const value of [new Uint8Array([0, 255]), { $bytes: "x" }, { $object: { $date: 1 } }, -0, NaN, [
      undefined,
    ], JSON.parse('{"__proto__":1}')]
  ) {
    assert.deepEqual(fromPlain(JSON.parse(JSON.stringify(toPlain(value)))), value);
  }
});

/** Objects without a prototype come back as plain ones. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [normal(key), normal(each)]));
  if (value instanceof Set) return new Set([...value].map(normal));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each)]));
}

Deno.test("a value that is too large for a decoded view is left out, and its bytes are there", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: () => {} });
  await using client = await connect(server.address, { dialect: "lines" });
  const line = "x".repeat(200_000);
  const recording = await recorded({ client }, () => client.send(line));
  assert.equal(said(recording).map((each) => each.slice(4)).join(""), `${line}\n`);
  const [entry] = recording.links[0].connections[0].entries.filter((each) => each.kind === "said");
  assert(entry.omitted! > 200_000);
  assert.equal("value" in entry.traffic, false);
});
