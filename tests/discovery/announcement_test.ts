// deno-lint-ignore-file camelcase -- the words of the wire
import assert from "node:assert/strict";
import { readAnnouncement, writeAnnouncement } from "../../src/discovery/announcement.ts";
import { firstOf } from "../../src/discovery/local_address.ts";
import { wire } from "../dialect/clever_show_wire.ts";
import { scenario, sentBy } from "../dialect/wire/recording.ts";

const RECORDED = { host: "127.0.0.1", port: 25_000, id: "0042", startTime: 1700000000.25 };

Deno.test("clever-show recording udp_server_ip: the same datagram, both ways", () => {
  const datagram = sentBy(scenario("clever-show", "udp_server_ip"), "s2c");
  assert.deepEqual(Uint8Array.from(writeAnnouncement(RECORDED)), datagram);
  assert.deepEqual(readAnnouncement(datagram), RECORDED);
});

Deno.test("an announcement may have numbers for texts, members more, and another order", () => {
  const datagram = announcement({ start_time: 5, id: "", port: 1, host: "drone-server.local", more: [] });
  assert.deepEqual(readAnnouncement(datagram), { host: "drone-server.local", port: 1, id: "", startTime: 5 });
  const whole = { ...RECORDED, startTime: 5 };
  assert.match(new TextDecoder().decode(writeAnnouncement(whole)), /"start_time": "5\.0"/);
  assert.deepEqual(readAnnouncement(writeAnnouncement({ ...whole, host: "fe80::1" })).host, "fe80::1");
});

Deno.test("whatever else is sent to the port is refused with the reason", () => {
  const good = writeAnnouncement(RECORDED);
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /its header is cut off/],
    [Uint8Array.of(0), /its header is cut off/],
    [Uint8Array.of(0, 0), /its header is cut off/],
    [Uint8Array.of(0, 9, 0x7b), /its header is cut off/],
    [Uint8Array.of(0, 1, 0x7b), /Header of 1 bytes makes no sense/],
    [good.subarray(0, -1), /it has 257 bytes, and its header says 258/],
    [Uint8Array.of(...good, 0), /it has 259 bytes/],
    [wire({ "message-type": "message", action: "other" }), /it is no action "server_ip"/],
    [wire({ "message-type": "request", action: "server_ip" }), /it is no action "server_ip"/],
    [wire({ "message-type": "message", action: "server_ip" }, "null"), /its host is no name and no address/],
    [wire({ "message-type": "message", action: "server_ip" }, "5"), /its host is no name and no address/],
    [wire({ "message-type": "message", action: "server_ip" }, "{"), /Not JSON/],
    [announcement({ host: "" }), /its host/],
    [announcement({ host: "a b" }), /its host/],
    [announcement({ host: "evil/..\u001b[2J" }), /its host/],
    [announcement({ host: "x".repeat(300) }), /its host/],
    [announcement({ host: "-x" }), /its host/],
    [announcement({ port: "0" }), /its port is none/],
    [announcement({ port: 70_000 }), /its port is none/],
    [announcement({ port: "0x10" }), /its port is none/],
    [announcement({ port: "1.5" }), /its port is none/],
    [announcement({ port: "" }), /its port is none/],
    [announcement({ id: 5 }), /its id is no text/],
    [announcement({ id: "x".repeat(65) }), /its id is no text/],
    [announcement({ start_time: "now" }), /its start time is none/],
    [announcement({ start_time: 1e300 }), /its start time is none/],
    [announcement({ start_time: null }), /its start time is none/],
  ];
  for (const [datagram, message] of cases) {
    assert.throws(() => readAnnouncement(datagram), { name: "ProtocolError", fatal: false, message });
  }
});

Deno.test("the address of this computer is one that others can use, or localhost", () => {
  const lo = { address: "127.0.0.1", family: "IPv4", internal: true };
  const v6 = { address: "fd00::2", family: "IPv6", internal: false };
  const own = { address: "169.254.3.4", family: "IPv4", internal: false };
  const net = { address: "10.0.0.5", family: "IPv4", internal: false };
  assert.equal(firstOf([lo, v6, own, net, { ...net, address: "10.0.0.6" }]), "10.0.0.5");
  assert.equal(firstOf([lo, v6, own]), "localhost");
  assert.equal(firstOf([]), "localhost");
});

function announcement(changed: Record<string, unknown>): Uint8Array {
  const kwargs = { host: "10.0.0.5", port: "25000", id: "0042", start_time: "1700000000.25", ...changed };
  return wire({ "message-type": "message", action: "server_ip" }, JSON.stringify({ args: [], kwargs }));
}
