import assert from "node:assert/strict";
import fc from "fast-check";
import { messageOf, messageText } from "../../src/cli/message_form.ts";
import { Pattern } from "../../src/cli/pattern.ts";

Deno.test("what is printed in hexadecimal or with escapes can be given again", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assert.deepEqual(messageOf("hex", messageText("hex", bytes)!), bytes);
    const again = messageOf("escape", messageText("escape", bytes)!);
    assert.deepEqual(typeof again === "string" ? new TextEncoder().encode(again) : again, bytes);
  }));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const printed = messageText("escape", text)!;
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f\x7f-\x9f]/.test(printed), printed);
    assert.equal(messageOf("escape", printed), text);
  }));
});

Deno.test("escapes make text, and bytes where one is no text", () => {
  const cases: [string, unknown][] = [
    ["a\\r\\n\\t\\0\\e\\\\n", "a\r\n\t\0\x1b\\n"],
    ["\\x41\\u20ac\\u{1f600}", "A€😀"],
    ["é\\xff", Uint8Array.of(0xc3, 0xa9, 0xff)],
    ["", ""],
  ];
  for (const [written, meant] of cases) assert.deepEqual(messageOf("escape", written), meant);
  for (const wrong of ["\\q", "\\", "\\x4", "\\u{110000}", "\\R"]) {
    assert.throws(() => messageOf("escape", wrong), /is unknown; there are/, wrong);
  }
  assert.throws(() => messageOf("hex", `${"0".repeat(99)}\x1b`), /"0{60}…": "\\x1b" is no hexadecimal digit/);
});

Deno.test("a pattern is a text or a regular expression, and looks at each message anew", () => {
  assert(new Pattern("OK").matches("xOKx"));
  assert(!new Pattern("OK.").matches("OKx"));
  assert(new Pattern("/^ok$/i").matches(new TextEncoder().encode("OK")));
  const sticky = new Pattern("/o/gy");
  assert(sticky.matches("xo") && sticky.matches("xo"));
  assert(new Pattern('/"bat":1\\d\\b/').matches({ bat: 18 }));
  assert(new Pattern("ÿ").matches(Uint8Array.of(0xff)), "bytes that are no text");
  assert(new Pattern("/path/to").matches("at /path/to/it"), "slashes alone make no regular expression");
  assert.throws(() => new Pattern("/[/"), /Cannot use "\/\[\/" as --until: /);
});
