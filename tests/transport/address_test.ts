import assert from "node:assert/strict";
import { withPort } from "../../src/transport/address.ts";
import { parseAddress, transports } from "../../src/transport/table.ts";

const GOOD: [text: string, scheme: string, host: string, port: number, path: string, href?: string][] = [
  ["tcp://127.0.0.1:16900", "tcp", "127.0.0.1", 16900, ""],
  ["tcp://:16900", "tcp", "127.0.0.1", 16900, "", "tcp://127.0.0.1:16900"],
  ["tcp://[::1]:80", "tcp", "::1", 80, ""],
  ["tcp://[fe80::1%eth0]:7", "tcp", "fe80::1%eth0", 7, ""],
  ["TCP://Host.name:1", "tcp", "Host.name", 1, "", "tcp://Host.name:1"],
  ["  tcp://a:1 ", "tcp", "a", 1, "", "tcp://a:1"],
  ["tcp://a:1/", "tcp", "a", 1, "", "tcp://a:1"],
  ["tcp://a:0", "tcp", "a", 0, ""],
  ["tcp://a:00080", "tcp", "a", 80, "", "tcp://a:80"],
  ["tcp://a:65535", "tcp", "a", 65535, ""],
  ["unix:///run/x.sock", "unix", "", 0, "/run/x.sock"],
  ["unix://x.sock", "unix", "", 0, "x.sock"],
  ["unix://../a b.sock", "unix", "", 0, "../a b.sock"],
  ["UNIX:///x", "unix", "", 0, "/x", "unix:///x"],
  ["memory://name", "memory", "", 0, "name"],
  ["memory://a.b-c_1", "memory", "", 0, "a.b-c_1"],
];

/** The table grows. */
const SCHEMES = Object.keys(transports).join(", ");
const NO_SCHEME = `it has no scheme; write for example "tcp://127.0.0.1:16900" (the schemes are ${SCHEMES})`;
const BAD_NAME = 'the name has to be of letters, digits, ".", "_" and "-"';
const BRACKETS = 'an IPv6 host goes in brackets, as in "tcp://[::1]:16900"';

const BAD: [text: string, why: string][] = [
  ["", NO_SCHEME],
  [" ", NO_SCHEME],
  ["name", NO_SCHEME],
  ["~/x.sock", NO_SCHEME],
  ["tcp//127.0.0.1:80", NO_SCHEME],
  ["__proto__://x", NO_SCHEME],
  ["constructor:x", NO_SCHEME],
  ["C:\\x", NO_SCHEME],
  ["127.0.0.1:80", 'it has no scheme; write "tcp://127.0.0.1:80"'],
  ["localhost:80", 'it has no scheme; write "tcp://localhost:80"'],
  [":80", 'it has no scheme; write "tcp://:80"'],
  ["[::1]:80", 'it has no scheme; write "tcp://[::1]:80"'],
  ["/tmp/x.sock", 'it has no scheme; write "unix:///tmp/x.sock" for a socket file'],
  ["./x.sock", 'it has no scheme; write "unix://./x.sock" for a socket file'],
  ["../x.sock", 'it has no scheme; write "unix://../x.sock" for a socket file'],
  ["tcp:127.0.0.1:80", '"//" is missing after "tcp:"; write "tcp://127.0.0.1:80"'],
  ["tcp:/127.0.0.1:80", '"//" is missing after "tcp:"; write "tcp://127.0.0.1:80"'],
  ["unix:/tmp/x", '"//" is missing after "unix:"; write "unix:///tmp/x"'],
  ["memory:name", '"//" is missing after "memory:"; write "memory://name"'],
  ["http://a", `the scheme "http" is unknown; the schemes are ${SCHEMES}`],
  ["constructor://x", `the scheme "constructor" is unknown; the schemes are ${SCHEMES}`],
  ["tcp://", 'the port is missing; write "tcp://:16900" with the port you want'],
  ["tcp://:", 'the port is missing; write "tcp://:16900" with the port you want'],
  ["tcp://a", 'the port is missing; write "tcp://a:16900" with the port you want'],
  ["tcp://a:", 'the port is missing; write "tcp://a:16900" with the port you want'],
  ["tcp://[::1]", 'the port is missing; write "tcp://[::1]:16900" with the port you want'],
  ["tcp://a:x", 'the port "x" is not a number'],
  ["tcp://a:-1", 'the port "-1" is not a number'],
  ["tcp://a:1.5", 'the port "1.5" is not a number'],
  ["tcp://a:0x50", 'the port "0x50" is not a number'],
  ["tcp://a: 80", 'the port " 80" is not a number'],
  ["tcp://a:1?x", 'the port "1?x" is not a number'],
  ["tcp://a:1/x", 'the port "1/x" is not a number'],
  ["tcp://a:65536", "the port 65536 is above 65535"],
  ["tcp://a:99999999999999999999", "the port 99999999999999999999 is above 65535"],
  ["tcp://::1:80", BRACKETS],
  ["tcp://::1", BRACKETS],
  ["tcp://u@a:1", '"u@a:1" is not host:port; write for example "tcp://127.0.0.1:16900"'],
  ["tcp://a/b:1", '"a/b:1" is not host:port; write for example "tcp://127.0.0.1:16900"'],
  ["tcp://[::1:1", '"[::1:1" is not host:port; write for example "tcp://127.0.0.1:16900"'],
  ["tcp://[::1]x:1", '"[::1]x:1" is not host:port; write for example "tcp://127.0.0.1:16900"'],
  ["tcp://a b:1", 'the host "a b" has a space in it'],
  ["tcp://[1.2.3.4]:1", '"[1.2.3.4]" is not an IPv6 address'],
  ["tcp://[]:1", '"[]" is not an IPv6 address'],
  ["unix://", 'the path is missing; write for example "unix:///tmp/parley.sock"'],
  ["unix://a\0b", "the path has a zero character"],
  ["srial:/dev/ttyUSB0", 'the scheme "srial" is unknown; did you mean "serial"?'],
  ["serial:", 'the device is missing; write for example "serial:/dev/ttyUSB0"'],
  [
    "serial://tmp/a",
    'a path from the root has three slashes; write "serial:///tmp/a" or "serial:/tmp/a"',
  ],
  ["serial:?baud=1", 'the device is missing; write for example "serial:/dev/ttyUSB0"'],
  ["serial:/dev/a\0b", "the device has a zero character"],
  ["/dev/ttyUSB0", 'it has no scheme; write "serial:/dev/ttyUSB0" for a serial port'],
  ["COM3", 'it has no scheme; write "serial:COM3" for a serial port'],
  ["ttyUSB0", 'it has no scheme; write "serial:ttyUSB0" for a serial port'],
  ["cu.usbserial-1", 'it has no scheme; write "serial:cu.usbserial-1" for a serial port'],
  ["usb:0403:6001", 'it has no scheme; write "serial:usb:0403:6001" for a serial port'],
  ["id:KORAD", 'it has no scheme; write "serial:id:KORAD" for a serial port'],
  ["auto", 'it has no scheme; write "serial:auto" for a serial port'],
  ["memory://", BAD_NAME],
  ["memory:///a", BAD_NAME],
  ["memory://a b", BAD_NAME],
];

Deno.test("parseAddress takes good addresses apart and gives their normal form", () => {
  for (const [text, scheme, host, port, path, href = text] of GOOD) {
    const parsed = parseAddress(text);
    assert.deepEqual(parsed.address, { scheme, host, port, path, href });
    assert.deepEqual(parseAddress(href).address, parsed.address, "the normal form means the same");
  }
});

Deno.test("parseAddress tells what is wrong with a bad address, and what to write instead", () => {
  for (const [text, why] of BAD) {
    assert.throws(() => parseAddress(text), {
      name: "TypeError",
      code: "usage",
      message: `Cannot use "${text}" as an address: ${why}`,
    });
  }
});

Deno.test("parseAddress proposes only addresses that it takes", () => {
  for (const [text, why] of BAD) {
    for (const [, proposed] of why.matchAll(/(?:write|as in|for example) "([^"]+)"/g)) {
      assert.doesNotThrow(() => parseAddress(proposed), `proposed for ${JSON.stringify(text)}`);
    }
  }
});

Deno.test("parseAddress refuses what is no text", () => {
  for (
    const [value, shown] of [[5, "5 (number)"], [null, "null (object)"], [undefined, "undefined (undefined)"]]
  ) {
    assert.throws(() => parseAddress(value as string), {
      code: "usage",
      message: `Cannot use ${shown} as an address: text such as "tcp://127.0.0.1:16900" is wanted`,
    });
  }
});

Deno.test("parseAddress finds the kind of transport for each scheme", () => {
  for (const scheme of ["tcp", "unix", "memory"]) {
    const text = scheme === "tcp" ? "tcp://:1" : `${scheme}://x`;
    const { kind } = parseAddress(text);
    assert.equal(parseAddress(kind.example).kind, kind, "its example is one of its addresses");
    assert.ok(kind.about.length > 0);
  }
});

Deno.test("withPort puts an IPv6 host in brackets", () => {
  const { address } = parseAddress("tcp://[::1]:0");
  assert.equal(withPort(address, "::1", 7), "tcp://[::1]:7");
  assert.equal(withPort(address, "127.0.0.1", 7), "tcp://127.0.0.1:7");
});

Deno.test("parseAddress takes the address of a serial port with and without slashes, and its settings", () => {
  const plain = parseAddress("serial:/dev/ttyUSB0").address;
  assert.deepEqual(plain, {
    scheme: "serial",
    host: "",
    port: 0,
    path: "/dev/ttyUSB0",
    href: "serial:/dev/ttyUSB0",
  });
  for (const text of ["serial:///dev/ttyUSB0", "serial://dev/ttyUSB0", " SERIAL:/dev/ttyUSB0 "]) {
    assert.deepEqual(parseAddress(text).address, plain, text);
  }
  const { path, query } = parseAddress("serial:id:Some Thing?baud=9600&parity=even").address;
  assert.deepEqual({ path, query: { ...query } }, {
    path: "id:Some Thing",
    query: { baud: "9600", parity: "even" },
  });
});
