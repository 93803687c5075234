import { UsageTypeError } from "@parley/parley";
import assert from "node:assert/strict";
import { addressSettings, wantedPort } from "../../../src/transport/serial/serial_address.ts";
import { parseAddress } from "../../../src/transport/table.ts";

const NOT_WINDOWS = { ignore: Deno.build.os === "windows" };

Deno.test("an address of a serial port says which one is meant", NOT_WINDOWS, () => {
  const cases: [string, unknown][] = [
    ["serial:/dev/ttyUSB0", { path: "/dev/ttyUSB0" }],
    ["serial:///dev/ttyUSB0", { path: "/dev/ttyUSB0" }],
    ["SERIAL:/dev/ttyUSB0", { path: "/dev/ttyUSB0" }],
    ["  serial:/dev/ttyUSB0 ", { path: "/dev/ttyUSB0" }],
    ["serial:ttyUSB0", { path: "/dev/ttyUSB0" }],
    ["serial:dev/ttyUSB0", { path: "/dev/ttyUSB0" }],
    ["serial:cu.usbmodem14201", { path: "/dev/cu.usbmodem14201" }],
    ["serial:./link to a port", { path: "./link to a port" }],
    ["serial:COM3", { path: "COM3" }],
    ["serial:com12", { path: "com12" }],
    ["serial:\\\\.\\COM12", { path: "\\\\.\\COM12" }],
    ["serial:/dev/ttyUSB0?baud=9600", { path: "/dev/ttyUSB0" }],
    ["serial:auto", "auto"],
    ["serial:AUTO", "auto"],
    ["serial:id:KORAD", { id: "KORAD" }],
    ["serial:id:FT232R USB UART", { id: "FT232R USB UART" }],
    ["serial:id:usb-FTDI_A5-if00/port0", { id: "usb-FTDI_A5-if00/port0" }],
    ["serial:usb:0403:6001", { usb: { vendorId: "0403", productId: "6001" } }],
    ["serial:USB:403:A", { usb: { vendorId: "0403", productId: "000a" } }],
    [
      "serial:usb:0403:6001:A50285BI",
      { usb: { vendorId: "0403", productId: "6001", serialNumber: "A50285BI" } },
    ],
    [
      "serial:usb:1A86:7523:12:34:ab",
      { usb: { vendorId: "1a86", productId: "7523", serialNumber: "12:34:ab" } },
    ],
  ];
  for (const [text, wanted] of cases) {
    assert.deepEqual(wantedPort(parseAddress(text).address), wanted, text);
  }
});

Deno.test("settings stand behind the question mark", () => {
  const { address } = parseAddress(
    "serial:x?baud=9600&dataBits=7&stopBits=2&parity=EVEN&rtscts=true&xon=on&xoff=1&xany=off&lock=0&hupcl=FALSE&dtr=false&rts=on",
  );
  assert.deepEqual(addressSettings(address), {
    baudRate: 9600,
    dataBits: 7,
    stopBits: 2,
    parity: "even",
    rtscts: true,
    xon: true,
    xoff: true,
    xany: false,
    lock: false,
    hupcl: false,
    dtr: false,
    rts: true,
  });
  assert.deepEqual(addressSettings(parseAddress("serial:x?baudRate=300").address), { baudRate: 300 });
  assert.deepEqual(
    addressSettings(parseAddress("serial:x?lock").address),
    { lock: true },
    "a name alone is on",
  );
  assert.deepEqual(addressSettings(parseAddress("serial:x").address), {});
});

Deno.test(
  "a malformed address of a serial port says what is wrong, and how it is written",
  NOT_WINDOWS,
  () => {
    const cases: [string, RegExp][] = [
      ["serial:", /the device is missing; write for example "serial:\/dev\/ttyUSB0"/],
      ["serial://", /the device is missing/],
      ["serial:?baud=9600", /the device is missing/],
      ["serial:/dev/tty\0", /zero character/],
      ["serial:id:", /a part of the device's name is missing, as in "serial:id:KORAD"/],
      ["serial:id:  ", /a part of the device's name is missing/],
      ["serial:usb:", /USB ids are vendor:product in hexadecimal, as in "serial:usb:0403:6001"/],
      ["serial:usb:0403", /vendor:product/],
      ["serial:usb:0403:60011", /vendor:product/],
      ["serial:usb:wxyz:6001", /vendor:product/],
      ["serial:usb:0403:6001:", /vendor:product/],
      ["serial:my port", /"my port" is no port; write "serial:\/dev\/ttyUSB0"/],
      ["serial:ttyUSB0:9600", /"ttyUSB0:9600" is no port/],
      ["serial:x?bauds=9600", /unknown setting "bauds"; did you mean "baud"\?/],
      ["serial:x?qqqqqqqq=1", /unknown setting "qqqqqqqq"; there are baud, baudRate, dataBits/],
      ["serial:x?baud=1&baud=2", /"baud" is there twice/],
      ["serial:x?baud=1&baudRate=2", /baud and baudRate are the same/],
    ];
    for (const [text, message] of cases) {
      assert.throws(() => {
        const { address } = parseAddress(text);
        wantedPort(address);
        addressSettings(address);
      }, (error) => {
        assert.ok(error instanceof UsageTypeError, `${JSON.stringify(text)}: ${error}`);
        assert.match(error.message, message, JSON.stringify(text));
        return true;
      }, JSON.stringify(text));
    }
  },
);
