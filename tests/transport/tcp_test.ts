import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { lines } from "../../src/dialect/lines.ts";
import { BrokenError } from "../../src/errors.ts";
import { checkTransport } from "../../src/testing/check_transport.ts";
import { parseAddress } from "../../src/transport/table.ts";
import { opened, told } from "../dialect/conversation.ts";
import type { Listener, Transport } from "../../src/transport/transport.ts";

function listenOn(text: string): Promise<Listener> {
  const { address, kind } = parseAddress(text);
  return kind.listen!(address);
}

function connectTo(text: string, signal?: AbortSignal): Promise<Transport> {
  const { address, kind } = parseAddress(text);
  return kind.connect(address, { signal });
}

async function pairOn(listener: Listener): Promise<[Transport, Transport]> {
  const [ours, theirs] = await Promise.all([connectTo(listener.address), listener.accept()]);
  return [ours, theirs!];
}

/** A port where nothing listens: it was free a moment ago. */
async function freePort(): Promise<number> {
  const listener = await listenOn("tcp://127.0.0.1:0");
  listener.close();
  return listener.port!;
}

/** True for root, and where the system leaves all ports to everybody, as containers and macOS do. */
function mayTakeAnyPort(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() === 0) return true;
  return Number(Deno.readTextFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start")) <= 1;
}

Deno.test("tcp keeps the contract of transports", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  await checkTransport({
    pair: () => pairOn(listener),
    cleanup: () => listener.close(),
  });
});

Deno.test("tcp names both ends, and the port that the system chose", async () => {
  const listener = await listenOn("tcp://:0");
  assert.match(listener.address, /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  assert.equal(listener.address, `tcp://127.0.0.1:${listener.port}`);
  const [ours, theirs] = await pairOn(listener);
  assert.equal(ours.remoteAddress, listener.address);
  assert.equal(theirs.localAddress, listener.address);
  assert.equal(ours.localAddress, theirs.remoteAddress);
  assert.ok(ours.isLocal && theirs.isLocal);
  ours.close();
  theirs.close();
  listener.close();
});

Deno.test("tcp writes IPv6 addresses in brackets", async (t) => {
  let listener: Listener;
  try {
    listener = await listenOn("tcp://[::1]:0");
  } catch (error) {
    return void await t.step({ name: `skipped, no IPv6 here: ${error}`, ignore: true, fn: () => {} });
  }
  const [ours, theirs] = await pairOn(listener);
  assert.equal(ours.remoteAddress, `tcp://[::1]:${listener.port}`);
  assert.ok(ours.isLocal);
  ours.close();
  theirs.close();
  listener.close();
});

Deno.test("tcp refuses a port that is in use, and says what to do", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  await assert.rejects(listenOn(listener.address), {
    name: "BrokenError",
    code: "address_in_use",
    message: `Cannot listen on ${listener.address}: the address is in use by another program; ` +
      `choose another, or port 0 for any free one`,
  });
  listener.close();
});

Deno.test("tcp listens again on a port that was just closed", async () => {
  const first = await listenOn("tcp://127.0.0.1:0");
  const [ours, theirs] = await pairOn(first);
  first.close();
  const second = await listenOn(first.address);
  assert.equal(second.port, first.port);
  for (const open of [ours, theirs, second]) open.close();
});

Deno.test("tcp reports a connection that is refused", async () => {
  const port = await freePort();
  await assert.rejects(connectTo(`tcp://127.0.0.1:${port}`), {
    name: "BrokenError",
    code: "refused",
    message: `Cannot connect to tcp://127.0.0.1:${port}: connection refused; is something listening there?`,
  });
});

Deno.test("tcp reports a host that does not exist", async () => {
  await assert.rejects(connectTo("tcp://no-such-host.invalid:1"), (error) => {
    assert.ok(error instanceof BrokenError);
    assert.match(error.message, /^Cannot connect to tcp:\/\/no-such-host\.invalid:1: /);
    return true;
  });
});

Deno.test("tcp refuses to listen on an address of another machine", async () => {
  await assert.rejects(listenOn("tcp://192.0.2.1:0"), {
    code: "unreachable",
    message: "Cannot listen on tcp://192.0.2.1:0: this machine does not have that address",
  });
});

Deno.test("tcp refuses a port of the system without the rights for it", async (t) => {
  const ignore = mayTakeAnyPort();
  await t.step({
    name: ignore ? "skipped: whoever runs this may listen on every port" : "port 1",
    ignore,
    fn: () => assert.rejects(listenOn("tcp://127.0.0.1:1"), { code: "permission" }),
  });
});

Deno.test("tcp rejects with the signal's reason when connecting is aborted", async () => {
  const reason = new Error("Enough");
  const listener = await listenOn("tcp://127.0.0.1:0");
  await assert.rejects(connectTo(listener.address, AbortSignal.abort(reason)), (error) => error === reason);
  listener.close();
});

Deno.test("tcp ends an accept that waits when the listener closes", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const accepting = listener.accept();
  listener.close();
  listener.close();
  assert.equal(await accepting, null);
  assert.equal(await listener.accept(), null);
});

Deno.test("tcp keeps what was accepted when the listener closes", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const [ours, theirs] = await pairOn(listener);
  listener.close();
  await ours.write(Uint8Array.of(1, 2));
  assert.deepEqual(await theirs.read(), Uint8Array.of(1, 2));
  ours.close();
  theirs.close();
});

Deno.test("tcp tells a reset from an end", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const socket = net.connect(listener.port!, "127.0.0.1");
  const theirs = (await listener.accept())!;
  await once(socket, "connect");
  const reading = theirs.read();
  socket.resetAndDestroy();
  await assert.rejects(reading, {
    name: "BrokenError",
    code: "reset",
    message: `Cannot read from ${theirs.remoteAddress}: the other side reset the connection`,
  });
  await assert.rejects(theirs.write(Uint8Array.of(1)), (error) => {
    assert.ok(error instanceof BrokenError);
    assert.match(error.code, /^(reset|broken_pipe)$/);
    assert.ok(error.message.startsWith(`Cannot write to ${theirs.remoteAddress}: `), error.message);
    return true;
  });
  theirs.close();
  listener.close();
});

Deno.test("tcp hands over half a frame and then the end, when the other side closes in mid-frame", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const [ours, theirs] = await pairOn(listener);
  const session = opened(lines(), "server");
  await ours.write(new TextEncoder().encode("whole\nhalf a fr"));
  ours.close();
  const events = [];
  for (let chunk = await theirs.read(); chunk !== null; chunk = await theirs.read()) {
    events.push(...session.receive(chunk, 0));
  }
  assert.deepEqual(told([...events, ...session.receiveEnd(0)]), ['message "whole"', "fault! truncated"]);
  theirs.close();
  listener.close();
});

Deno.test("tcp reads small and large chunks out of the same connection", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const [ours, theirs] = await pairOn(listener);
  const seen: number[] = [];
  for (const size of [1, 255, 256, 257, 65_536, 70_000, 1, 1, 300, 2]) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => at * size);
    const writing = ours.write(bytes);
    const got: number[] = [];
    while (got.length < size) {
      const chunk = await theirs.read();
      seen.push(chunk!.length);
      got.push(...chunk!);
    }
    await writing;
    assert.deepEqual(Uint8Array.from(got), bytes);
  }
  assert.ok(Math.max(...seen) > 256, "large reads follow a full small one");
  ours.close();
  theirs.close();
  listener.close();
});

Deno.test("tcp passes over a connection that was reset before it was accepted", async () => {
  const listener = await listenOn("tcp://127.0.0.1:0");
  const gone = net.connect(listener.port!, "127.0.0.1");
  await new Promise<void>((resolve) => gone.once("connect", () => resolve()));
  const closed = new Promise<void>((resolve) => gone.once("close", () => resolve()));
  gone.resetAndDestroy();
  await closed;
  const dialled = connectTo(listener.address);
  const accepted = await listener.accept();
  const ours = await dialled;
  assert.equal(accepted!.remoteAddress, ours.localAddress);
  accepted!.close();
  ours.close();
  listener.close();
});
