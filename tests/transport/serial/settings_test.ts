import { UsageRangeError, UsageTypeError } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { loadNative } from "../../../src/transport/serial/native.ts";
import {
  DEFAULT_SETTINGS,
  describeSettings,
  resolveSettings,
  type SerialSettings,
} from "../../../src/transport/serial/serial_settings.ts";
import { ON_LINUX, open } from "./open_lines.ts";

/** What another program sees of a port, in the words of stty: `speed 9600`, `-ixon`, `crtscts`. */
async function stty(path: string): Promise<string[]> {
  const { stdout, success } = await new Deno.Command("stty", { args: ["-F", path, "-a"] }).output();
  assert.ok(success);
  const text = new TextDecoder().decode(stdout);
  return [`speed ${/speed (\d+)/.exec(text)?.[1]}`, ...text.replace(/[;\n]/g, " ").split(/\s+/)];
}

const SEEN: [SerialSettings, string[]][] = [
  [{}, [
    "speed 115200",
    "-ixon",
    "-ixoff",
    "-ixany",
    "-crtscts",
    "hupcl",
    "clocal",
    "cread",
    "-icanon",
    "-echo",
  ]],
  [{ baudRate: 300 }, ["speed 300"]],
  [{ baudRate: 9600 }, ["speed 9600"]],
  [{ baudRate: 921_600 }, ["speed 921600"]],
  [{ baudRate: 4_000_000 }, ["speed 4000000"]],
  [{ rtscts: true }, ["crtscts", "-ixon", "-ixoff"]],
  [{ xon: true }, ["ixon", "-ixoff", "-ixany"]],
  [{ xoff: true }, ["-ixon", "ixoff"]],
  [{ xon: true, xoff: true, xany: true }, ["ixon", "ixoff", "ixany"]],
  [{ hupcl: false }, ["-hupcl"]],
  [{ stopBits: 2 }, ["cstopb"]],
  [{ parity: "odd" }, ["parodd"]],
  [{ lock: false }, ["speed 115200"]],
];

Deno.test("every setting is seen on the port by another program", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  for (const [settings, wanted] of SEEN) {
    // Without the lock: stty has to open the port.
    const line = await open(pair.a.path, { ...settings, lock: false });
    const seen = await stty(pair.a.path);
    line.close();
    for (const word of wanted) {
      assert.ok(seen.includes(word), `${word} of ${JSON.stringify(settings)}: ${seen.join(" ")}`);
    }
  }
});

Deno.test("all sizes and parities open, and a rate that no table has", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  for (const dataBits of [5, 6, 7, 8] as const) (await open(pair.a.path, { dataBits })).close();
  for (const parity of ["none", "even", "odd"] as const) (await open(pair.a.path, { parity })).close();
  const native = await loadNative();
  for (const baudRate of [1, 123_456, 250_000, 2_147_483_647]) {
    const line = await open(pair.a.path, { baudRate, lock: false });
    const fd = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => Number(name))
      .findLast((each) => linkOf(each) === pair.a.path)!;
    assert.equal((await native.asyncGetBaudRate(fd)).baudRate, baudRate);
    line.close();
  }
});

function linkOf(fd: number): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

Deno.test("what is not said is as serialport has it, and unknown names are no matter", () => {
  assert.deepEqual(resolveSettings({}), DEFAULT_SETTINGS);
  assert.deepEqual(resolveSettings({ baudRate: undefined, path: "x" } as SerialSettings), DEFAULT_SETTINGS);
  assert.deepEqual(resolveSettings({ dtr: false }), { ...DEFAULT_SETTINGS, dtr: false });
});

Deno.test(
  "a setting that cannot be is refused, with what can be",
  { ignore: Deno.build.os === "windows" },
  () => {
    const cases: [string, unknown, RegExp, typeof UsageTypeError | typeof UsageRangeError][] = [
      [
        "baudRate",
        "9600",
        /Cannot use "9600" as "baudRate": a number is wanted, such as 115200/,
        UsageTypeError,
      ],
      ["baudRate", null, /Cannot use null as "baudRate": a number/, UsageTypeError],
      ["baudRate", 0, /a whole number from 1 to 2147483647 is wanted/, UsageRangeError],
      ["baudRate", -9600, /a whole number/, UsageRangeError],
      ["baudRate", 9600.5, /a whole number/, UsageRangeError],
      ["baudRate", NaN, /a whole number/, UsageRangeError],
      ["baudRate", Infinity, /a whole number/, UsageRangeError],
      ["baudRate", 2 ** 31, /a whole number/, UsageRangeError],
      ["dataBits", 9, /Cannot use 9 as "dataBits": one of 5, 6, 7, 8 is wanted/, UsageTypeError],
      ["dataBits", "8", /Cannot use "8" as "dataBits": one of 5, 6, 7, 8 is wanted$/, UsageTypeError],
      ["stopBits", 3, /one of 1, 1.5, 2 is wanted/, UsageTypeError],
      ["stopBits", 1.5, /Cannot use 1.5 as "stopBits": only Windows has it/, UsageTypeError],
      ["parity", "evens", /Cannot use "evens" as "parity": one of .*did you mean "even"\?/, UsageTypeError],
      ["parity", true, /Cannot use true as "parity"/, UsageTypeError],
      ["parity", "mark", /only Windows has it/, UsageTypeError],
      ["parity", "space", /only Windows has it/, UsageTypeError],
      ["rtscts", 1, /Cannot use 1 as "rtscts": true or false is wanted/, UsageTypeError],
      ["lock", "no", /Cannot use "no" as "lock": true or false is wanted/, UsageTypeError],
      ["dtr", null, /Cannot use null as "dtr": true or false is wanted/, UsageTypeError],
    ];
    for (const [name, value, text, Kind] of cases) {
      assert.throws(() => resolveSettings({ [name]: value } as SerialSettings), (error) => {
        assert.ok(error instanceof Kind, `${name}: ${error}`);
        assert.equal(error.code, "usage");
        assert.match(error.message, text);
        return true;
      }, name);
    }
  },
);

Deno.test("a line is written as people write it", () => {
  const cases: [SerialSettings, string][] = [
    [{}, "115200 8N1"],
    [{ baudRate: 9600, dataBits: 7, parity: "even", stopBits: 2 }, "9600 7E2"],
    [{ parity: "odd", rtscts: true }, "115200 8O1 RTS/CTS"],
    [{ xon: true }, "115200 8N1 XON/XOFF"],
    [{ xoff: true, rtscts: true }, "115200 8N1 RTS/CTS XON/XOFF"],
  ];
  for (const [settings, text] of cases) assert.equal(describeSettings(resolveSettings(settings)), text);
});
