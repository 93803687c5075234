import assert from "node:assert/strict";
import { BrokenError, UsageTypeError } from "../../../src/errors.ts";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";
import { matchPort, type WantedPort } from "../../../src/transport/serial/port_match.ts";

const BOARD: PortInfo = { path: "/dev/ttyS0", driver: "serial8250" };
const FTDI: PortInfo = {
  path: "/dev/ttyUSB0",
  id: "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
  manufacturer: "FTDI",
  product: "FT232R",
  vendorId: "0403",
  productId: "6001",
  serialNumber: "A50285BI",
};
const KORAD: PortInfo = {
  path: "/dev/ttyACM0",
  id: "/dev/serial/by-id/usb-Nuvoton_USB_Virtual_COM_0416A0-if00",
  manufacturer: "Korad",
  product: "KA3005P",
  vendorId: "0416",
  productId: "5011",
  serialNumber: "0416A0",
};
const OTHER: PortInfo = { ...FTDI, path: "/dev/ttyUSB1", serialNumber: "A50285BI2", id: `${FTDI.id}2` };
const ALL = [BOARD, FTDI, KORAD, OTHER];

function failure(wanted: WantedPort, ports: readonly PortInfo[] = ALL): BrokenError {
  try {
    matchPort(ports, wanted);
  } catch (error) {
    assert.ok(error instanceof BrokenError, String(error));
    return error;
  }
  assert.fail("a port was found");
}

Deno.test("a port is found by its path, its link, a part of its texts in any case, and its USB ids", () => {
  const cases: [WantedPort, PortInfo][] = [
    [{ path: "/dev/ttyS0" }, BOARD],
    [{ path: FTDI.id! }, FTDI],
    [{ id: "korad" }, KORAD],
    [{ id: "korad ka3" }, KORAD],
    [{ id: "NUVOTON" }, KORAD],
    [{ id: "16a0" }, KORAD],
    [{ usb: { vendorId: "416", productId: "5011" } }, KORAD],
    [{ usb: { vendorId: "0403", productId: "6001", serialNumber: "a50285bi2" } }, OTHER],
  ];
  for (const [wanted, port] of cases) assert.equal(matchPort(ALL, wanted), port, JSON.stringify(wanted));
});

Deno.test("a whole serial number goes before one that only contains it", () => {
  assert.equal(matchPort(ALL, { id: "a50285bi" }), FTDI);
});

Deno.test("auto is the only USB device, and never a port that is built in", () => {
  assert.equal(matchPort([BOARD, FTDI], "auto"), FTDI);
  const builtIn = failure("auto", [BOARD]);
  assert.equal(builtIn.code, "ambiguous");
  assert.match(builtIn.message, /^There is 1 serial port, and it is built in: .*; say which, as in "serial:/);
  assert.equal(failure("auto", [BOARD, { path: "/dev/ttyS1" }]).code, "ambiguous");
  const error = failure("auto", []);
  assert.equal(error.code, "no_such_path");
  assert.equal(error.message, "No serial port is there: plug one in, or name one by its path");
});

Deno.test("a port that is not there is told with those that are, and with the nearest name", () => {
  const byPath = failure({ path: "/dev/ttyUSB2" }, [BOARD, FTDI]);
  assert.equal(byPath.code, "no_such_path");
  assert.equal(
    byPath.message,
    'No serial port "/dev/ttyUSB2"; did you mean "/dev/ttyUSB0"? There are: /dev/ttyS0 (serial8250), ' +
      "/dev/ttyUSB0 (FTDI FT232R, 0403:6001, serial A50285BI)",
  );
  assert.equal(
    failure({ id: "RIGOL" }, []).message,
    'No serial port with "RIGOL" in name, maker, product or serial number; there are none',
  );
  assert.match(
    failure({ usb: { vendorId: "1a86", productId: "7523", serialNumber: "7" } }).message,
    /^No serial port with USB ids 1a86:7523 and serial number "7"; there are: /,
  );
});

Deno.test("several ports are told with the shortest way to name one, and that way finds it", () => {
  const error = failure({ id: "ftdi" });
  assert.equal(error.code, "ambiguous");
  assert.equal(
    error.message,
    'There are 2 serial ports with "ftdi" in name, maker, product or serial number: ' +
      "/dev/ttyUSB0 (FTDI FT232R, 0403:6001, serial A50285BI), /dev/ttyUSB1 (FTDI FT232R, 0403:6001, serial A50285BI2); " +
      'say which, as in "serial:id:A50285BI2" for /dev/ttyUSB1',
  );
  assert.equal(matchPort(ALL, { id: "A50285BI2" }), OTHER);
});

Deno.test("clones with one serial number can only be named by their paths", () => {
  const clones = ["/dev/ttyUSB0", "/dev/ttyUSB1"].map((path) => ({ ...FTDI, path, id: undefined }));
  assert.match(
    failure({ id: "A50285BI" }, clones).message,
    /as in "serial:\/dev\/ttyUSB1" for \/dev\/ttyUSB1$/,
  );
});

Deno.test("a message lists eight ports and counts the others", () => {
  const many = Array.from({ length: 11 }, (_, index) => ({ path: `/dev/ttyUSB${index}`, vendorId: "0403" }));
  const { message } = failure("auto", many);
  assert.equal(message.match(/\/dev\/ttyUSB\d+(?=[, ])/g)?.length, 8);
  assert.match(message, /\/dev\/ttyUSB10 and 3 more; /);
});

Deno.test("to look for nothing is a mistake of the caller", () => {
  assert.throws(() => matchPort(ALL, { id: " " }), UsageTypeError);
});
