import assert from "node:assert/strict";
import { portTable } from "../../src/console/port_table.ts";

Deno.test("portTable shows what is known, leaves empty columns out, and nothing drives the terminal", () => {
  const ftdi = {
    path: "/dev/ttyUSB0",
    id: "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
    manufacturer: "FTDI",
    product: "FT232R\x1b[2J",
    vendorId: "0403",
    productId: "6001",
    serialNumber: "A50285BI",
    driver: "ftdi_sio",
  };
  assert.equal(
    portTable([{ port: { path: "/dev/ttyS0", driver: "serial8250" } }, { port: ftdi, link: "psu 9600 8N1" }]),
    [
      "port          device              ids        link          serial number  driver      by-id name",
      "/dev/ttyS0                                                                serial8250",
      "/dev/ttyUSB0  FTDI FT232R\\x1b[2J  0403:6001  psu 9600 8N1  A50285BI       ftdi_sio    usb-FTDI_FT232R_A50285BI-if00-port0",
    ].join("\n"),
  );
  assert.equal(portTable([{ port: { path: "COM3" } }]), "port\nCOM3");
  const arduino = { path: "COM4", manufacturer: "Arduino", product: "Arduino Uno" };
  assert.equal(portTable([{ port: arduino }]), "port  device\nCOM4  Arduino Uno");
});

Deno.test("portTable tells what goes over a port, and which other programs have it", () => {
  const own = { pid: Deno.pid, program: "deno" };
  const tio = { pid: Deno.pid + 1, program: "tio\x1b" };
  assert.equal(
    portTable([
      {
        port: { path: "a", heldBy: [own] },
        link: "psu",
        bytesIn: 0,
        bytesOut: 12345,
        levels: { dtr: undefined, cts: true, dsr: false },
      },
      { port: { path: "b", heldBy: [own, tio, { ...tio, program: "cat" }] } },
      { port: { path: "c", heldBy: [] } },
    ]),
    [
      "port  link  in   out       lines      used by",
      "a     psu   0 B  12,345 B  +CTS -DSR",
      `b                                     tio\\x1b (${tio.pid}), cat (${tio.pid})`,
      "c",
    ].join("\n"),
  );
});
