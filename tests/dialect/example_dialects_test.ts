import assert from "node:assert/strict";
import { degrees, nmea, type Sentence } from "../../examples/nmea.ts";
import { scpi } from "../../examples/scpi.ts";
import { checkDialect, type SaidMessage } from "../../src/testing/check_dialect.ts";
import { feed, feedSingly, opened, told } from "./conversation.ts";

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("the example scpi keeps the contract of dialects", () => {
  checkDialect({
    dialect: scpi,
    samples: [
      { messages: say("*IDN?", "VOLT 3.3", "#HFF"), bytes: utf8("*IDN?\nVOLT 3.3\n#HFF\n") },
      { messages: say(utf8("ab\n"), "next"), bytes: utf8("#13ab\n\nnext\n") },
      { messages: say(new Uint8Array(0), new Uint8Array(3000).fill(10)) },
      {
        bytes: utf8("#0until the end\r\n\r\nline\r\n#3005hello#15again"),
        arrives: say(utf8("until the end\r"), "line", utf8("hello"), utf8("again")),
      },
    ],
    unsayable: [...say("two\nlines", 5, null, {}), { kind: "action", name: "go", args: [] }],
  });
});

Deno.test("the example scpi refuses a block without a length, and one that is too large, before it comes", () => {
  assert.deepEqual(told(feed(opened(scpi), "line\n#3x00abc")), ['message "line"', "fault! bad_block"]);
  const session = opened(scpi, "client", { limits: { maxFrameBytes: 99 } });
  assert.deepEqual(told(feedSingly(session, "#3100")), ["fault! too_large"]);
});

Deno.test("the example nmea keeps the contract of dialects", () => {
  const gll: Sentence = { talker: "GP", type: "GLL", fields: ["", "", "", "", "", "V", "N"] };
  checkDialect({
    dialect: nmea,
    sized: (bytes) => ({
      kind: "message",
      value: { talker: "GP", type: "TXT", fields: ["x".repeat(bytes)] },
    }),
    samples: [
      { messages: say(gll), bytes: utf8("$GPGLL,,,,,,V,N*64\r\n") },
      {
        messages: say({ talker: "P", type: "GRME", fields: ["15.0", "M"] }, {
          talker: "GN",
          type: "RMC",
          fields: [],
        }),
      },
    ],
    unsayable: [
      ...say("$GPGLL", null, 5, { ...gll, talker: "gps" }, { ...gll, fields: ["a,b"] }, {
        ...gll,
        fields: ["a\n"],
      }),
      { kind: "action", name: "go", args: [] },
    ],
    skip: ["frame limit"], // sentences have a limit of their own
  });
});

Deno.test("the example nmea tells of what is damaged, and goes on", () => {
  const text = "$GPGLL,,,,,,V,N*65\r\nnoise\r\n$gp,1*0A\r\n$GPGLL,,,,,,V,N*64\r\n";
  assert.deepEqual(told(feed(opened(nmea), text)), [
    "fault bad_checksum",
    "fault bad_checksum",
    "fault bad_sentence",
    'message {"talker":"GP","type":"GLL","fields":["","","","","","V","N"]}',
  ]);
});

Deno.test("the example nmea makes degrees of degrees and minutes", () => {
  assert.equal(degrees("4807.038", "N").toFixed(4), "48.1173");
  assert.equal(degrees("01131.000", "W").toFixed(4), "-11.5167");
  assert.equal(degrees("0030", "S"), -0.5);
});
