import assert from "node:assert/strict";
import {
  connect,
  listen,
  mockLink,
  parseAddress,
  readRecording,
  record,
  type Recording,
  replay,
  replayLink,
  secret,
  type Server,
} from "@parley/parley";
import { inTemp } from "./recordings.ts";

/** Reads a secret that is this from now on. */
async function given(name: string, value: string): Promise<string> {
  Deno.env.set(name, value);
  try {
    return await secret(name);
  } finally {
    Deno.env.delete(name);
  }
}

/** A device with a door: what it is told at the door, it says again. */
async function door(value: () => string): Promise<Server> {
  return await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: async (line, peer) => {
      await peer.send(line === `LOGIN ${value()}` ? `WELCOME ${value()}` : `BAD ${line}`);
    },
  });
}

/** What a recorder writes of this program, and the same read. */
async function written(
  links: (path: string) => Promise<void>,
): Promise<{ text: string; recording: Recording }> {
  return await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await links(path);
    return { text: await Deno.readTextFile(path), recording: await readRecording(path) };
  });
}

/** Says the password that `secret` gives, and what the door says. */
async function login(address: string, name: string, value: string): Promise<unknown> {
  await using psu = await connect(address, { dialect: "lines" });
  return await psu.ask(`LOGIN ${await given(name, value)}`);
}

/** Records one login. */
async function recordedLogin(
  server: Server,
  name: string,
  value: string,
): Promise<{ text: string; recording: Recording }> {
  return await written(async (path) => {
    await using psu = await connect(server.address, { dialect: "lines" });
    await using _recorder = await record(path, { psu });
    await psu.ask(`LOGIN ${await given(name, value)}`);
  });
}

Deno.test("a recording has stars for a secret, in bytes and in what they mean, read before it began or after", async () => {
  for (const isBefore of [true, false]) {
    const name = `RECORDED_${isBefore ? "BEFORE" : "AFTER"}`;
    const value = `p"ss${isBefore}wörd`;
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
    const { text } = await written(async (path) => {
      await using psu = await connect(server.address, { dialect: "lines" });
      if (isBefore) await given(name, value);
      await using _recorder = await record(path, { psu });
      if (!isBefore) await given(name, value);
      for (const said of [value, JSON.stringify({ value }), `?pin=${encodeURIComponent(value)}`]) {
        await psu.send(said);
      }
      for (let offset = 0; offset < 3; offset++) {
        await psu.send(new TextEncoder().encode("x".repeat(offset) + value).toBase64());
      }
      await psu.send(new TextEncoder().encode(value).toHex());
    });
    const hex = new TextEncoder().encode(value).toHex();
    const base64 = [0, 1, 2].map((offset) =>
      new TextEncoder().encode("x".repeat(offset) + value).toBase64().slice(4, 12)
    );
    const leaks = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), hex, ...base64];
    for (const leak of leaks) {
      assert(!text.includes(leak) && !text.includes(JSON.stringify(leak).slice(1, -1)), leak);
    }
    assert.match(text, new RegExp(`"value":"\\[secret ${name}\\]"`));
    assert.match(
      text,
      new RegExp(
        `"text":"\\*+\\\\n","masked":\\[\\{"secret":"${name}","at":0,"length":${value.length + 1}\\}\\]`,
      ),
    );
  }
});

Deno.test("a secret that comes byte by byte is masked in all its pieces, and everything stays in order", async () => {
  const value = await given("RECORDED_SPLIT", "hunter2-split");
  const { text, recording } = await written(async (path) => {
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "raw" });
    await using client = await connect(server.address, { dialect: "raw" });
    await using _recorder = await record(path, { client });
    const [peer] = server.peers;
    for (const character of `a${value}b hunter2-spl`) {
      await peer.send(new TextEncoder().encode(character));
      assert.deepEqual(await client.receive(), new TextEncoder().encode(character));
    }
  });
  assert.doesNotMatch(text, /"text":"[untr]"/);
  const bytes = recording.links[0].connections[0].entries.flatMap((entry) =>
    entry.kind === "bytes" ? [...entry.bytes] : []
  );
  assert.equal(new TextDecoder().decode(Uint8Array.from(bytes)), `a${"*".repeat(13)}b ${"*".repeat(11)}`);
});

Deno.test("what only begins like a secret is written as it is, in order", async () => {
  await given("RECORDED_PREFIX", "OK-hunter2");
  const { recording } = await written(async (path) => {
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "raw" });
    await using client = await connect(server.address, { dialect: "raw" });
    await using _recorder = await record(path, { client });
    const [peer] = server.peers;
    for (const answer of ["OK", "OK-h", "what"]) {
      await client.send(new TextEncoder().encode("?"));
      await peer.receive();
      await peer.send(new TextEncoder().encode(answer));
      await client.receive();
    }
  });
  const said = recording.links[0].connections[0].entries.map((entry) =>
    entry.kind === "bytes" ? `${entry.direction} ${new TextDecoder().decode(entry.bytes)}` : ""
  );
  assert.deepEqual(said, ["out ?", "in OK", "out ?", "in OK-h", "out ?", "in what"]);
});

Deno.test("a program plays against a recording of its login, with whatever secret it has, and no other word", async () => {
  const name = "RECORDED_LOGIN";
  await using server = await door(() => "hunter2-login");
  const { recording } = await recordedLogin(server, name, "hunter2-login");
  for (const value of ["hunter2-login", "another, and longer"]) {
    await using _mock = mockLink(recording);
    assert.equal(await login(server.address, name, value), `WELCOME ${value}`);
  }
  const mock = mockLink(recording);
  await using psu = await connect(server.address, { dialect: "lines" });
  await psu.send("LOGIN guessed");
  await psu.closed;
  mock.stop();
  assert.match(
    String(mock.failure),
    /step 1 .* was to say "LOGIN \*+\\n", and "LOGIN guessed\\n" came; it is not the secret/,
  );
  assert.doesNotMatch(Deno.inspect(mock.failure), /hunter2|another, and/);
});

Deno.test("a recording whose secret nobody here knows takes any in its place, and says none to a device", async () => {
  const name = "RECORDED_UNKNOWN";
  await using server = await door(() => "hunter2-unknown");
  const { text } = await recordedLogin(server, name, "hunter2-unknown");
  const recording = await inTemp(async (folder) => {
    await Deno.writeTextFile(`${folder}/it`, text.replaceAll(name, "NEVER_READ"));
    return await readRecording(`${folder}/it`);
  });
  for (const ignore of [undefined, /\d+ ms/]) {
    await using _mock = mockLink(recording, { ignore });
    await using psu = await connect(server.address, { dialect: "lines" });
    assert.equal(await psu.ask("LOGIN 123456789012345"), "WELCOME ***************");
  }
  const { address, kind } = parseAddress(server.address);
  const transport = await kind.connect(address, {});
  await assert.rejects(replay(transport, recording, { speed: Infinity }), {
    name: "RecordingError",
    code: "no_secret",
    message: /recorded without the secret NEVER_READ, .* await secret\("NEVER_READ"\)$/,
  });
  await given("NEVER_READ", "hunter2-unknown");
  assert.equal((await replay(transport, recording, { speed: Infinity })).steps, 2);
  transport.close();
});

Deno.test("native requests with a secret are recorded without it, and played with the one that is known", async () => {
  const name = "RECORDED_NATIVE";
  await using server = await listen("tcp://127.0.0.1:0");
  let isOpen = 0;
  server.onRequest("login", (_call, { pin, raw }: { pin: string; raw: Uint8Array }) => {
    if (
      pin === "hunter2-native" && raw[0] === 0xff &&
      new TextDecoder().decode(raw.subarray(1)) === "hunter2-native"
    ) isOpen++;
    return `hello ${pin}`;
  });
  const program = async (address: string, value: string, path?: string) => {
    const pin = await given(name, value);
    await using drone = await connect(address);
    await using _recorder = path === undefined ? undefined : await record(path, { drone });
    return await drone.request("login", [{
      pin,
      raw: Uint8Array.from([0xff, ...new TextEncoder().encode(pin)]),
    }]);
  };
  const { text, recording } = await written(async (path) => {
    await program(server.address, "hunter2-native", path);
  });
  assert.doesNotMatch(text, /hunter2|aHVudGVy|h1bnRlcj|odW50ZXI/);
  {
    await using _mock = mockLink(recording);
    assert.equal(await program(server.address, "some other one"), "hello some other one");
  }
  await given(name, "hunter2-native");
  await using drone = await connect(server.address);
  assert.equal(await replayLink(drone, recording, { speed: Infinity }), 2);
  assert.equal(isOpen, 2);
});

Deno.test("a recording that tells nonsense of its secrets is damaged", async () => {
  const lines = (masked: string) =>
    `{"format":"parley-recording","version":1,"started":"2026-01-01T00:00:00Z"}\n` +
    `{"ms":0,"event":"link","link":"a","address":"tcp://h:1","role":"client","dialect":"lines"}\n` +
    `{"ms":1,"link":"a","direction":"out","text":"****\\n","masked":${masked}}\n`;
  for (
    const masked of [
      "1",
      "[1]",
      '[{"secret":"A","at":3,"length":9}]',
      '[{"secret":"A","at":0,"length":4,"form":"toString"}]',
      '[{"secret":"A","at":0,"length":4,"part":{"from":9,"of":4}}]',
      '[{"secret":"A","at":2,"length":2},{"secret":"A","at":0,"length":2}]',
    ]
  ) {
    await inTemp(async (folder) => {
      await Deno.writeTextFile(`${folder}/it`, lines(masked));
      await assert.rejects(readRecording(`${folder}/it`), { code: "damaged", message: /line 3 .*"masked"/ });
    });
  }
});
