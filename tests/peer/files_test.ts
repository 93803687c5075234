import {
  type Client,
  connect,
  type FileProgress,
  listen,
  type ParleyError,
  type Server,
} from "@parley/parley";
import type { ClientOptions, ServerOptions } from "@parley/parley";
import assert from "node:assert/strict";
import { crate, crateDialect } from "../files/crate_dialect.ts";
import { TempDirectory } from "../files/temp_directory.ts";
import { BareLink } from "./bare_link.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

/** A server and a client with files between them, and a directory for each. */
class Depots implements AsyncDisposable {
  readonly server: Server;
  readonly client: Client;
  readonly here = new LinkLog();
  readonly there = new LinkLog();
  /** The server's directory, and the client's. */
  readonly shared = new TempDirectory();
  readonly own = new TempDirectory();

  private constructor(server: Server, client: Client, here: LinkLog, there: LinkLog) {
    [this.server, this.client, this.here, this.there] = [server, client, here, there];
  }

  static async up(server: ServerOptions<Server> = {}, client: ClientOptions<Client> = {}): Promise<Depots> {
    const [here, there] = [new LinkLog(), new LinkLog()];
    const dialect = crateDialect();
    const listening = await listen("tcp://127.0.0.1:0", { dialect, ...there.callbacks, ...server });
    const connected = await connect(listening.address, { dialect, ...here.callbacks, ...client });
    await there.until("connect");
    return new Depots(listening, connected, here, there);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.server.close();
    this.shared[Symbol.dispose]();
    this.own[Symbol.dispose]();
  }
}

/** A server that shares a directory, and a connection to it that is used by hand. */
class ByHand implements AsyncDisposable {
  readonly log = new LinkLog();
  readonly shared = new TempDirectory();
  readonly received = new Seen<unknown>();
  readonly server: Server;
  readonly link: BareLink;

  private constructor(server: Server, link: BareLink) {
    this.server = server;
    this.link = link;
  }

  static async up(options: ServerOptions<Server> = {}): Promise<ByHand> {
    const server = await listen("tcp://127.0.0.1:0", { dialect: crateDialect(), ...options });
    const made = new ByHand(server, await BareLink.dial(server.port));
    server.use({ ...made.log.callbacks, onReceive: made.received.add });
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.close();
    await this.server.close();
    this.shared[Symbol.dispose]();
  }
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const file = (name: string, size: number) => crate({ kind: "file", name, size });
const say = (value: string) => crate({ kind: "message", value });
const random = (length: number) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
};

// ---- sending

Deno.test("sendFile puts a file of any size into what the other side shares, and tells how far it is", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "write-new" });
  for (const size of [0, 1, 65_536, 3_000_000]) {
    const content = random(size);
    const path = depots.own.write("out", content);
    const told: FileProgress[] = [];
    const sent = await depots.client.sendFile(path, `d/${size}`, { onProgress: (now) => told.push(now) });
    assert.deepEqual(sent, { name: `d/${size}`, size });
    await depots.there.until(`file received d/${size}`);
    assert.deepEqual(Deno.readFileSync(depots.shared.at(`d/${size}`)), content);
    assert.equal(told[0].bytes, 0);
    assert.deepEqual(told.at(-1), { ...told.at(-1), name: `d/${size}`, bytes: size, size, remainingMs: 0 });
    for (const [index, { bytes }] of told.entries()) assert(index === 0 || bytes >= told[index - 1].bytes);
  }
  const { path, ...event } = depots.there.events.findLast(({ kind }) => kind === "file") as { path: string };
  assert.deepEqual(event, { kind: "file", how: "received", name: "d/3000000", size: 3_000_000 });
  assert.equal(path, depots.shared.at("d/3000000"));
});

Deno.test("files and messages that are sent at once arrive whole, and in their order", async () => {
  const heard = new Seen<unknown>();
  await using depots = await Depots.up({ onReceive: heard.add });
  depots.server.share(depots.shared.path, { mode: "write-new" });
  const contents = [0, 1, 2, 3].map(() => random(400_000));
  const work = contents.map((content, index) => {
    return depots.client.sendFile(depots.own.write(`o${index}`, content), `f${index}`);
  });
  for (let count = 0; count < 100; count++) await depots.client.send(count);
  await Promise.all(work);
  assert.deepEqual(await heard.take(100), Array.from({ length: 100 }, (_, count) => count));
  for (const [index, content] of contents.entries()) {
    await depots.there.until(`file received f${index}`);
    assert.deepEqual(Deno.readFileSync(depots.shared.at(`f${index}`)), content);
  }
});

Deno.test("sendFile that cannot begin sends nothing, and says why", async () => {
  await using depots = await Depots.up();
  const { client, own } = depots;
  const notSent = { outcome: "not-sent" } as const;
  await assert.rejects(client.sendFile(own.at("none"), "x"), { ...notSent, code: "no_such_path" });
  await assert.rejects(client.sendFile(own.path, "x"), { ...notSent, code: "not_a_file" });
  const signal = AbortSignal.abort(new Error("changed my mind"));
  const cancelled = { ...notSent, code: "cancelled", message: /changed my mind/ };
  await assert.rejects(client.sendFile(own.write("a", "a"), "x", { signal }), cancelled);
  for (
    const [path, name, options] of [["", "x"], ["x", ""], [5, "x"], ["x", "y", { onProgres: 1 }]] as const
  ) {
    const call = () => client.sendFile(path as string, name, options as object);
    await assert.rejects(call, { name: "TypeError", code: "usage" });
  }
  assert.equal(client.counts.bytesOut, 0);
  await client.close();
  await assert.rejects(client.sendFile(own.at("a"), "x"), { ...notSent, name: "ClosedError" });
});

Deno.test("dialects without files say so, and what to use instead", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines" });
  const message = /^Cannot send file "x" in the dialect "lines": it has no files; send its bytes as messages/;
  await assert.rejects(client.sendFile("a", "x"), { name: "TypeError", code: "usage", message });
  await assert.rejects(client.getFile("x", "a"), {
    code: "usage",
    message: /file "x" in the dialect "lines"/,
  });
  assert.throws(() => client.share(".", { mode: "read" }), {
    code: "usage",
    message: /"lines": it has no files/,
  });
  assert.throws(() => server.share(".", { mode: "read" }), { code: "usage" });
});

Deno.test("sendFile to a side that does not read waits, and closes the link when it takes too long", async () => {
  await using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using own = new TempDirectory();
  const log = new LinkLog();
  const { port } = listener.addr as Deno.NetAddr;
  await using client = await connect(`tcp://127.0.0.1:${port}`, {
    dialect: crateDialect(),
    ...log.callbacks,
  });
  using _accepted = await listener.accept();
  const sending = client.sendFile(own.write("big", random(16_000_000)), "big", { timeoutMs: 100 });
  const message = /took nothing of it for 100 ms; \d+ bytes wait/;
  await assert.rejects(sending, { name: "TimeoutError", code: "timeout", outcome: "unknown", message });
  const { code, message: why } = await client.closed;
  assert.equal(code, "file_cut");
  assert.match(why, /was cut after \d+ of 16000000 bytes .*the link has to close/);
});

Deno.test("sendFile that is cancelled in the middle closes the link, and the other side keeps nothing", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "write-new" });
  const cancel = new AbortController();
  const onProgress = ({ bytes }: FileProgress) => bytes === 0 && cancel.abort(new Error("enough"));
  const path = depots.own.write("a", random(5_000_000));
  const sending = depots.client.sendFile(path, "a", { signal: cancel.signal, onProgress });
  await assert.rejects(sending, { name: "CancelledError", outcome: "unknown", message: /enough/ });
  assert.equal((await depots.client.closed).code, "file_cut");
  await depots.there.until("disconnect");
  assert.match(depots.there.errors.at(-1)!.message, /sends file "a" \(5000000 bytes\), which is not kept/);
  assert.deepEqual(depots.shared.list(), []);
});

Deno.test("a source that becomes shorter closes the link: what is missing is never made up", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "write-new" });
  const path = depots.own.write("a", random(2_000_000));
  const onProgress = ({ bytes }: FileProgress) => bytes === 0 && Deno.truncateSync(path, 1000);
  await assert.rejects(depots.client.sendFile(path, "a", { onProgress }), {
    code: "source_changed",
    message: /ended after 1000 of 2000000 bytes/,
  });
  assert.equal((await depots.client.closed).code, "file_cut");
  await depots.there.until("disconnect");
  assert.deepEqual(depots.shared.list(), []);
});

Deno.test("a source that is written to meanwhile is told, and the link goes on", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "write-new" });
  const path = depots.own.write("a", "some text");
  const onProgress = () => Deno.writeTextFileSync(path, " and more", { append: true });
  await assert.rejects(depots.client.sendFile(path, "a", { onProgress }), { code: "source_changed" });
  await depots.there.until("file received a");
  assert.equal(depots.client.isOpen, true);
});

Deno.test("an onProgress that throws is reported, and stops nothing", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "write-new" });
  const onProgress = () => {
    throw new Error("kaput");
  };
  await depots.client.sendFile(depots.own.write("a", "x"), "a", { onProgress });
  await depots.here.until("fail kaput");
  await depots.there.until("file received a");
});

Deno.test("files that wait when the link ends were not sent", async () => {
  await using depots = await Depots.up();
  const path = depots.own.write("a", random(5_000_000));
  const sends = [depots.client.sendFile(path, "a"), depots.client.sendFile(path, "b")].map((sending) =>
    sending.then(() => assert.fail("sent"), (error: ParleyError) => error)
  );
  await depots.client.close();
  const [first, second] = await Promise.all(sends);
  assert.equal(first.name, "ClosedError");
  assert.deepEqual([second.name, second.outcome], ["ClosedError", "not-sent"]);
});

Deno.test("a file that waits for its turn is called off at once", async () => {
  await using hand = await ByHand.up();
  hand.server.share(hand.shared.path, { mode: "read" });
  const path = hand.shared.write("a", random(5_000_000));
  const [peer] = hand.server.peers;
  const first = peer.sendFile(path, "a").catch(() => {}); // nobody reads it
  const cancel = new AbortController();
  const second = peer.sendFile(path, "b", { signal: cancel.signal });
  cancel.abort();
  await assert.rejects(second, { name: "CancelledError", outcome: "not-sent" });
  const third = peer.sendFile(path, "c", { signal: cancel.signal });
  await assert.rejects(third, { name: "CancelledError", outcome: "not-sent" });
  hand.link.close();
  await first;
});

Deno.test("sendFile of a handler that goes on after the other side has left fails, and waits for nobody", async () => {
  for (const bytes of [3, 1_000_000]) {
    const outcome = Promise.withResolvers<ParleyError>();
    await using hand = await ByHand.up();
    const path = hand.shared.write("a", random(bytes));
    hand.server.onAction("go", async ({ peer }) => {
      hand.link.close();
      await assert.rejects(peer.receive()); // the end of the stream
      await peer.sendFile(path, "a").then(() => assert.fail("sent")).catch(outcome.resolve);
    });
    await hand.link.write(crate({ kind: "action", name: "go", args: [] }));
    const { code, outcome: sent } = await outcome.promise;
    assert.deepEqual([code, sent], ["not_connected", "not-sent"]);
  }
});

Deno.test("closing cuts a file, and does not wait for what the wire holds back behind it", async () => {
  await using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using own = new TempDirectory();
  const { port } = listener.addr as Deno.NetAddr;
  const options = { dialect: crateDialect(), limits: { closeMs: 1_000_000 } };
  await using client = await connect(`tcp://127.0.0.1:${port}`, options);
  using link = new BareLink(await listener.accept());
  await client.send("before");
  const begun = Promise.withResolvers<void>();
  const onProgress = () => begun.resolve();
  const sending = client.sendFile(own.write("a", random(3_000_000)), "a", { onProgress });
  sending.catch(() => {});
  await begun.promise;
  await client.send("behind");
  const closing = client.close();
  const text = await link.textToEnd();
  await assert.rejects(sending, {
    name: "ClosedError",
    outcome: "unknown",
    message: /File "a" is not complete/,
  });
  assert.equal((await closing).code, "closed");
  assert.match(text, /"before"/);
  assert.doesNotMatch(text, /"behind"/);
});

// ---- getting

Deno.test("getFile brings a file from what the other side shares", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "read" });
  for (const size of [0, 5, 2_000_000]) {
    const content = random(size);
    depots.shared.write(`s${size}`, content);
    const told: FileProgress[] = [];
    const onProgress = (now: FileProgress) => told.push(now);
    const got = await depots.client.getFile(`s${size}`, depots.own.at(`o${size}`), { onProgress });
    assert.deepEqual(got, { path: depots.own.at(`o${size}`), size });
    assert.deepEqual(Deno.readFileSync(got.path), content);
    assert.deepEqual([told[0].bytes, told.at(-1)!.bytes, told[0].name], [0, size, `s${size}`]);
    await depots.there.until(`file served s${size}`);
  }
  const both = await Promise.all([5, 2_000_000].map((size) => {
    return depots.client.getFile(`s${size}`, depots.own.at(`again${size}`));
  }));
  assert.deepEqual(both.map(({ size }) => size), [5, 2_000_000]);
});

Deno.test("getFile replaces a file only when it is told to", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "read" });
  depots.shared.write("a", "new");
  const path = depots.own.write("a", "old");
  const exists = { code: "exists", outcome: "not-sent", message: /overwrite: true/ };
  await assert.rejects(depots.client.getFile("a", path), exists);
  assert.equal(depots.client.counts.messagesOut, 0);
  await depots.client.getFile("a", path, { overwrite: true });
  assert.equal(depots.own.read("a"), "new");
});

Deno.test("getFile looks at the place for the file before it asks", async () => {
  await using depots = await Depots.up();
  const { client, own } = depots;
  const notSent = { outcome: "not-sent" } as const;
  await assert.rejects(client.getFile("a", own.at("none/a")), { ...notSent, code: "no_such_path" });
  await assert.rejects(client.getFile("a", own.path), { ...notSent, code: "not_a_file" });
  await assert.rejects(client.getFile("a", `${own.path}/`), { ...notSent, code: "not_a_file" });
  assert.equal(client.counts.messagesOut, 0);
});

Deno.test("getFile that gets no answer ends in time, and a late file is dropped", async () => {
  await using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using own = new TempDirectory();
  const heard = new Seen<unknown>();
  const { port } = listener.addr as Deno.NetAddr;
  const options = { dialect: crateDialect(), onReceive: heard.add };
  await using client = await connect(`tcp://127.0.0.1:${port}`, options);
  using link = new BareLink(await listener.accept());
  const message = /file "a" .* within 20 ms/;
  await assert.rejects(client.getFile("a", own.at("a"), { timeoutMs: 20 }), {
    name: "TimeoutError",
    code: "timeout",
    message,
  });
  const late = crate({ kind: "file", name: "", size: 3, id: 1 });
  await link.write(join(late, Uint8Array.of(1, 2, 3), say("after")));
  assert.equal(await heard.next(), "after");
  assert.deepEqual(own.list(), []);
  assert.equal(client.counts.lateAnswers, 1);
});

Deno.test("getFile that is cancelled leaves nothing, drops the rest, and the link goes on", async () => {
  await using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using own = new TempDirectory();
  const heard = new Seen<unknown>();
  const { port } = listener.addr as Deno.NetAddr;
  const options = { dialect: crateDialect(), onReceive: heard.add };
  await using client = await connect(`tcp://127.0.0.1:${port}`, options);
  using link = new BareLink(await listener.accept());
  const cancel = new AbortController();
  const onProgress = () => cancel.abort(new Error("enough"));
  const getting = client.getFile("a", own.at("a"), { signal: cancel.signal, onProgress });
  getting.catch(() => {});
  await link.atLeast(1); // the request
  await link.write(join(crate({ kind: "file", name: "", size: 10, id: 1 }), new Uint8Array(4)));
  await assert.rejects(getting, { name: "CancelledError", message: /enough/ });
  assert.deepEqual(own.list(), []);
  await link.write(join(new Uint8Array(6), say("after")));
  assert.equal(await heard.next(), "after");
});

Deno.test("getFile of a file that is not given fails at once, where the dialect has words for that", async () => {
  await using depots = await Depots.up();
  const { client, own, server, shared } = depots;
  const notShared = { name: "RemoteError", code: "not_shared", outcome: "failed" };
  await assert.rejects(client.getFile("a", own.at("a")), notShared);
  server.share(shared.path, { mode: "read" });
  Deno.mkdirSync(shared.at("d"));
  for (const [name, code] of [["a", "not_found"], ["../a", "bad_name"], ["d", "not_a_file"]]) {
    const message = new RegExp(`file "${name}"`);
    await assert.rejects(client.getFile(name, own.at("a")), { name: "RemoteError", code, message });
  }
  assert.deepEqual(own.list(), []);
});

Deno.test("getFile refuses a file that is too large, and goes on", async () => {
  await using depots = await Depots.up();
  depots.server.share(depots.shared.path, { mode: "read" });
  depots.shared.write("a", random(100_000));
  const tooLarge = { code: "too_large", message: /100000 bytes.*maxBytes 99999/ };
  await assert.rejects(depots.client.getFile("a", depots.own.at("a"), { maxBytes: 99_999 }), tooLarge);
  assert.deepEqual(depots.own.list(), []);
  await depots.client.getFile("a", depots.own.at("a"), { maxBytes: 100_000 });
});

Deno.test("a link that ends in the middle of a file leaves nothing of it", async () => {
  await using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using own = new TempDirectory();
  const { port } = listener.addr as Deno.NetAddr;
  const log = new LinkLog();
  await using client = await connect(`tcp://127.0.0.1:${port}`, {
    dialect: crateDialect(),
    ...log.callbacks,
  });
  using link = new BareLink(await listener.accept());
  const getting = client.getFile("a", own.at("a"));
  getting.catch(() => {});
  await link.atLeast(1); // the request
  await link.write(join(crate({ kind: "file", name: "", size: 10, id: 1 }), new Uint8Array(4)));
  link.close();
  await assert.rejects(getting, { name: "BrokenError", message: /File "a" is not complete/ });
  assert.deepEqual(own.list(), []);
});

// ---- what strangers do

Deno.test("files are dropped and reported while nothing is shared, and the link lives", async () => {
  await using hand = await ByHand.up();
  const request = crate({ kind: "file-request", name: "x", id: 1 });
  await hand.link.write(join(file("a\x1b[2J", 3), Uint8Array.of(1, 2, 3), request, say("after")));
  assert.equal(await hand.received.next(), "after");
  await hand.log.until("fail not_shared");
  await hand.log.until("fail not_shared");
  const [first, second] = hand.log.errors.map(({ message }) => message);
  assert.match(
    first,
    /^tcp:\S+ sends file "a\\u\{1b\}\[2J" \(3 bytes\), which is not kept: no directory is shared/,
  );
  assert.match(second, /asks for file "x", which is not sent: no directory is shared/);
});

Deno.test("names that lead out of a share write and read nothing, and the link lives", async () => {
  await using hand = await ByHand.up();
  using outside = new TempDirectory();
  outside.write("secret", "s");
  hand.server.share(hand.shared.path, { mode: "overwrite" });
  hand.server.share(hand.shared.path, { mode: "read" });
  Deno.symlinkSync(outside.path, hand.shared.at("link"));
  const up = `../${outside.path.split("/").at(-1)}/x`;
  const names = [up, `${outside.path}/x`, "link/x", "a\\..\\..\\x", "x\0", "link/secret", ""];
  for (const name of names) {
    await hand.link.write(join(file(name, 2), Uint8Array.of(1, 2)));
    await hand.link.write(crate({ kind: "file-request", name, id: 1 }));
    await hand.log.until("fail");
    await hand.log.until("fail");
  }
  await hand.link.write(say("after"));
  assert.equal(await hand.received.next(), "after");
  assert.deepEqual(outside.list(), ["secret"]);
  assert.equal(outside.read("secret"), "s");
  assert.deepEqual(hand.shared.list(), ["link"]);
});

Deno.test("a message that follows a file is handled when the file is at its place", async () => {
  const seen: string[][] = [];
  await using hand = await ByHand.up({ onReceive: () => seen.push(hand.shared.list()) });
  hand.server.share(hand.shared.path, { mode: "write-new" });
  const both = (name: string) => join(file(name, 2), Uint8Array.of(1, 2), say(name));
  await hand.link.write(join(both("a"), both("b"), file("empty", 0), say("empty"), say("last")));
  await hand.received.take(4);
  assert.deepEqual(seen, [["a"], ["a", "b"], ["a", "b", "empty"], ["a", "b", "empty"]]);
});

Deno.test("a file that comes byte by byte is the same", async () => {
  await using hand = await ByHand.up();
  hand.server.share(hand.shared.path, { mode: "write-new" });
  const bytes = join(file("a", 40), new Uint8Array(40).fill(65), say("after"));
  for (const byte of bytes) await hand.link.write(Uint8Array.of(byte));
  assert.equal(await hand.received.next(), "after");
  assert.equal(hand.shared.read("a"), "A".repeat(40));
});

Deno.test("a file and a message right before the end of the stream are taken", async () => {
  await using hand = await ByHand.up();
  hand.server.share(hand.shared.path, { mode: "write-new" });
  await hand.link.write(join(file("a", 2), new Uint8Array([65, 66]), say("last words")));
  hand.link.close();
  assert.equal(await hand.received.next(), "last words");
  assert.equal(hand.shared.read("a"), "AB");
});

Deno.test("a side that stops in the middle of a file is given up, and what it claimed is free again", async () => {
  await using hand = await ByHand.up({ limits: { silenceMs: 50 } });
  hand.server.share(hand.shared.path, { mode: "write-new", maxTotalBytes: 1000 });
  await hand.link.write(join(file("a", 1000), new Uint8Array(10)));
  await hand.log.until("fail silent");
  await hand.log.until("disconnect silent");
  assert.match(
    hand.log.errors[0].message,
    /has sent 10 of 1000 bytes of file "a" and then nothing for 50 ms/,
  );
  assert.deepEqual(hand.shared.list(), []);
  using again = await BareLink.dial(hand.server.port);
  await again.write(join(file("a", 1000), new Uint8Array(1000)));
  await hand.log.until("file received a");
});

Deno.test("limits and the disk are told by number, and the next file is taken", async () => {
  await using hand = await ByHand.up();
  hand.server.share(hand.shared.path, { mode: "write-new", maxFileBytes: 4 });
  await hand.link.write(join(file("a", 5), new Uint8Array(5), file("b", 4), new Uint8Array(4)));
  await hand.log.until("fail too_large");
  assert.match(hand.log.errors[0].message, /5 bytes \(maxFileBytes 4 of share\(\)\)/);
  await hand.log.until("file received b");
  Deno.removeSync(hand.shared.path, { recursive: true });
  await hand.link.write(join(file("c", 1), new Uint8Array(1), say("after")));
  await hand.log.until("fail no_such_path");
  assert.equal(await hand.received.next(), "after");
  Deno.mkdirSync(hand.shared.path);
});

Deno.test("closing in the middle of a file that comes does not wait for the rest", async () => {
  await using hand = await ByHand.up();
  hand.server.share(hand.shared.path, { mode: "write-new" });
  await hand.link.write(join(say("before"), file("a", 1000), new Uint8Array(10)));
  assert.equal(await hand.received.next(), "before");
  await hand.server.close();
  await hand.log.until("fail");
  assert.deepEqual(hand.shared.list(), []);
});

Deno.test("a missing permission is told with its flag", async () => {
  using directory = new TempDirectory();
  const source = `
    import { createServer } from "./mod.ts";
    import { crateDialect } from "./tests/files/crate_dialect.ts";
    const server = createServer("tcp://127.0.0.1:0", { dialect: crateDialect() });
    try { server.share(${
    JSON.stringify(directory.path)
  }, { mode: "read" }); } catch (error) { console.log(error.message); }
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-net=127.0.0.1", "--ext=ts", "-"],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(source));
  await stdin.close();
  const { stdout, stderr } = await child.output();
  const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.match(printed, /^Cannot share .*: Deno keeps this program from it; start it with --allow-read/);
});
