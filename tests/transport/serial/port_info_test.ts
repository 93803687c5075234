import assert from "node:assert/strict";
import { bindingPort } from "../../../src/transport/serial/binding_ports.ts";
import { describePort, newestLast, printable } from "../../../src/transport/serial/port_info.ts";

Deno.test("ports come in the order of their age, then of their names with numbers as numbers", () => {
  const ports = [
    { path: "/dev/ttyUSB10", since: 5 },
    { path: "/dev/ttyUSB2", since: 5 },
    { path: "/dev/ttyACM0", since: 9 },
    { path: "/dev/ttyS1" },
    { path: "/dev/ttyUSB0", since: 4 },
  ];
  assert.deepEqual(newestLast(ports).map(({ path }) => path.slice("/dev/tty".length)), [
    "S1",
    "USB0",
    "USB2",
    "USB10",
    "ACM0",
  ]);
});

Deno.test("a port is described by what is known of it, the maker once", () => {
  const usb = { vendorId: "2341", productId: "8036" };
  const path = "/dev/ttyACM0";
  assert.equal(describePort({ path }), path);
  assert.equal(describePort({ path: "/dev/ttyS0", driver: "serial8250" }), "/dev/ttyS0 (serial8250)");
  assert.equal(
    describePort({ path, ...usb, manufacturer: "Arduino", product: "Arduino Leonardo", driver: "cdc_acm" }),
    "/dev/ttyACM0 (Arduino Leonardo, 2341:8036)",
  );
  assert.equal(describePort({ path, serialNumber: "7" }), "/dev/ttyACM0 (serial 7)");
});

Deno.test("nothing that a device says of itself drives the terminal", () => {
  const hostile = "\x1b]0;x\x07a\u202eb\u200b\u{e0041}c\ud800\n\0";
  assert.equal(printable(hostile), "]0;xabc");
  assert.equal(
    describePort({ path: `/dev/${hostile}`, product: hostile, serialNumber: hostile }),
    "/dev/]0;xabc (]0;xabc, serial ]0;xabc)",
  );
  assert.equal(printable("\0\x1b "), undefined);
  assert.equal(printable("x".repeat(1000))?.length, 256);
  assert.equal(printable("日本 é"), "日本 é");
});

Deno.test("what the package lists on macOS is opened by /dev/cu, which does not wait for a carrier", () => {
  const listed = {
    path: "/dev/tty.usbserial-1420",
    manufacturer: "FTDI",
    serialNumber: "A5",
    pnpId: undefined,
    locationId: "14200000",
    vendorId: "0403",
    productId: "6001",
  };
  assert.deepEqual(bindingPort(listed, "darwin"), {
    path: "/dev/cu.usbserial-1420",
    manufacturer: "FTDI",
    serialNumber: "A5",
    location: "14200000",
    vendorId: "0403",
    productId: "6001",
  });
});

Deno.test("what the package lists on Windows keeps its Plug and Play id and its friendly name", () => {
  const listed = {
    path: "COM3",
    manufacturer: "wch.cn",
    serialNumber: "5&2F1&0&4",
    pnpId: "USB\\VID_1A86&PID_7523\\5&2F1&0&4",
    locationId: "Port_#0004.Hub_#0001",
    friendlyName: "USB-SERIAL CH340 (COM3)",
    vendorId: "1A86",
    productId: "7523",
  };
  assert.deepEqual(bindingPort(listed, "windows"), {
    path: "COM3",
    id: "USB\\VID_1A86&PID_7523\\5&2F1&0&4",
    manufacturer: "wch.cn",
    product: "USB-SERIAL CH340",
    serialNumber: "5&2F1&0&4",
    location: "Port_#0004.Hub_#0001",
    vendorId: "1a86",
    productId: "7523",
  });
});

Deno.test("on Linux a vendor id in the place of the maker is no maker", () => {
  const listed = {
    path: "/dev/ttyUSB0",
    manufacturer: "1a86",
    vendorId: "1a86",
    productId: "7523",
    pnpId: "usb-1a86",
  };
  assert.deepEqual(bindingPort(listed, "linux"), {
    path: "/dev/ttyUSB0",
    id: "/dev/serial/by-id/usb-1a86",
    vendorId: "1a86",
    productId: "7523",
  });
});
