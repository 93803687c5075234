import assert from "node:assert/strict";
import { addressCompletion } from "../../src/console/address_completion.ts";

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

/** The candidates at the end of a line; undefined where no port is wanted. */
async function at(line: string) {
  const found = await addressCompletion(line, line.length, () => Promise.resolve(ports));
  return found && { ...found, typed: line.slice(found.start) };
}

Deno.test("ports are completed in the strings that name one, and nowhere else", async () => {
  const all = ["/dev/ttyUSB1", "/dev/ttyUSB0", "/dev/ttyS0", "auto", "id:", "usb:"];
  assert.deepEqual((await at('await serial("'))?.candidates, all);
  assert.deepEqual((await at("serial('"))?.candidates, all);
  for (const maker of ["connect", "createClient", "listen", "createServer"]) {
    assert.deepEqual((await at(`const s = await ${maker}( "serial:`))?.candidates, all);
  }
  assert.deepEqual((await at('connect("serial:///dev/ttyU'))?.candidates, ["/dev/ttyUSB1", "/dev/ttyUSB0"]);
  assert.deepEqual((await at('connect("se'))?.candidates, ["serial:"]);
  for (
    const line of [
      'connect("',
      'connect("tcp',
      '"/dev',
      'serial("x", { dialect: "',
      'serial("a" + "',
      "serial(/dev",
      '// serial("',
    ]
  ) {
    assert.equal(await at(line), undefined, line);
  }
});

Deno.test("ports are completed by path, short name, by-id link, text and USB ids", async () => {
  const cases: [string, string[]][] = [
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
  for (const [typed, candidates] of cases) {
    const found = await at(`serial("${typed}`);
    assert.deepEqual(found?.candidates, candidates, typed);
    assert.equal(found?.typed, typed);
  }
});
