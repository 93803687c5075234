import assert from "node:assert/strict";
import { portNames } from "../../../src/console/completion/port_names.ts";

const id = "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0";
const ports = [
  { path: "/dev/ttyS0", driver: "serial8250" },
  {
    path: "/dev/ttyUSB0",
    id,
    manufacturer: "FTDI",
    product: "FT232R",
    vendorId: "0403",
    productId: "6001",
    serialNumber: "A50285BI",
  },
  { path: "/dev/ttyUSB1", product: 'the "best"', vendorId: "1a86", productId: "7523" },
];

function found(part: string): string[] {
  return portNames(ports, part).map(({ text }) => text);
}

Deno.test("ports are found by path, short name, by-id link, text and USB ids, the newest first", () => {
  const cases: [string, string[]][] = [
    ["", ["/dev/ttyUSB1", "/dev/ttyUSB0", "/dev/ttyS0", "auto", "id:", "usb:"]],
    ["/dev/ttyUSB", ["/dev/ttyUSB1", "/dev/ttyUSB0"]],
    ["ttyS", ["ttyS0"]],
    ["/dev/se", [id]],
    ["au", ["auto"]],
    ["id:", ["id:FT232R", "id:FTDI", "id:A50285BI", "id:usb-FTDI_FT232R_A50285BI-if00-port0"]],
    ["id:ft2", ["id:ft232R"]],
    ["usb:", ["usb:0403:6001", "usb:0403:6001:A50285BI", "usb:1a86:7523"]],
    ["usb:1", ["usb:1a86:7523"]],
    ["nothing", []],
  ];
  for (const [part, names] of cases) assert.deepEqual(found(part), names, part);
});

Deno.test("a port is told with what is plugged in there", () => {
  assert.match(portNames(ports, "/dev/ttyUSB0")[0].about!, /FT232R/);
});
