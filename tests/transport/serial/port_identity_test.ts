import assert from "node:assert/strict";
import { findAgain, identityOf } from "../../../src/transport/serial/port_identity.ts";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";

const FTDI: PortInfo = {
  path: "/dev/ttyUSB0",
  vendorId: "0403",
  productId: "6001",
  serialNumber: "A50285BI",
  location: "1-2.3:1.0",
};
const CH340: PortInfo = { path: "/dev/ttyUSB0", vendorId: "1a86", productId: "7523", location: "1-4:1.0" };

Deno.test("a device with a serial number is found under another name and in another place", () => {
  const back = { ...FTDI, path: "/dev/ttyUSB3", location: "2-1:1.0" };
  assert.equal(findAgain([{ path: "/dev/ttyS0" }, CH340, back], identityOf(FTDI)), back);
});

Deno.test("another device of the same kind is never taken for it, nor one that got its name", () => {
  const identity = identityOf(FTDI);
  assert.equal(findAgain([{ ...FTDI, serialNumber: "B1" }], identity), undefined);
  assert.equal(findAgain([{ ...FTDI, serialNumber: undefined }], identity), undefined);
  assert.equal(findAgain([{ ...FTDI, productId: "6015" }], identity), undefined);
  assert.equal(findAgain([{ path: FTDI.path }], identity), undefined);
  assert.equal(findAgain([], identity), undefined);
});

Deno.test("each interface and each port of a device is found as itself", () => {
  const ports = ["1-2.3:1.0", "1-2.3:1.2", "1-2.3:1.2-port1"].map((location, index) => (
    { ...FTDI, path: `/dev/ttyACM${index}`, location }
  ));
  const moved = ports.map((port, index) => (
    { ...port, path: `/dev/ttyACM${7 - index}`, location: port.location.replace("1-2.3", "1-5") }
  ));
  for (const [index, port] of ports.entries()) {
    assert.equal(findAgain(moved, identityOf(port)), moved[index]);
  }
  assert.equal(findAgain(moved.slice(0, 1), identityOf(ports[1])), undefined);
});

Deno.test("a device without a serial number is found in its place, under any name, and nowhere else", () => {
  const identity = identityOf(CH340);
  const renamed = { ...CH340, path: "/dev/ttyUSB5" };
  const elsewhere = { ...CH340, location: "1-5:1.0" };
  assert.equal(findAgain([elsewhere, renamed], identity), renamed);
  assert.equal(findAgain([elsewhere], identity), undefined);
  assert.equal(findAgain([{ ...CH340, serialNumber: "1" }], identity), undefined);
});

Deno.test("of clones with one serial number the one in its place is found, and no other", () => {
  const clone = { ...FTDI, path: "/dev/ttyUSB1", location: "1-7:1.0" };
  const apart = identityOf(FTDI);
  assert.equal(findAgain([clone, { ...FTDI, path: "/dev/ttyUSB2" }], apart)?.path, "/dev/ttyUSB2");
  assert.equal(findAgain([clone, { ...clone, path: "/dev/ttyUSB4", location: "1-8:1.0" }], apart), undefined);
  // Seen together once, they are told apart when one of them is left alone.
  const together = identityOf(FTDI, [FTDI, clone]);
  assert.equal(findAgain([clone], together), undefined);
  assert.equal(findAgain([FTDI], together), FTDI);
});

Deno.test("a serial number that every such device has is none", () => {
  for (const serialNumber of ["0001", "0", "000000", "1"]) {
    const factory = { ...FTDI, serialNumber };
    assert.equal(
      findAgain([{ ...factory, location: "1-9:1.0" }], identityOf(factory)),
      undefined,
      serialNumber,
    );
    assert.ok(findAgain([{ ...factory, path: "/dev/ttyUSB9" }], identityOf(factory)), serialNumber);
  }
});

Deno.test("a port without USB ids is its path, and a USB device of that name is another", () => {
  const board = { path: "/dev/ttyS0" };
  assert.equal(findAgain([FTDI, board], identityOf(board)), board);
  assert.equal(findAgain([{ ...FTDI, path: "/dev/ttyS0" }], identityOf(board)), undefined);
});

Deno.test("where places and interfaces are not told, the path decides between what is left", () => {
  const { location: _location, ...placeless } = { ...FTDI, path: "COM3" };
  const second = { ...placeless, path: "COM4" };
  assert.equal(findAgain([second], identityOf(placeless)), second);
  assert.equal(findAgain([second, placeless], identityOf(placeless)), placeless);
  const nameless = { ...placeless, serialNumber: undefined };
  assert.equal(findAgain([{ ...nameless, path: "COM4" }], identityOf(nameless)), undefined);
  assert.equal(findAgain([nameless], identityOf(nameless)), nameless);
});
