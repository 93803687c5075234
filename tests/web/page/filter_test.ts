import assert from "node:assert/strict";
import { filterOf } from "../../../src/web/page/filter.ts";
import { textOf } from "../../../src/web/page/said_text.ts";
import type { PageSaid } from "../../../src/web/page/wire.ts";
import { said } from "./said.ts";

const ALL = { text: "", link: "", direction: "", kind: "" };

function passes(facts: Partial<typeof ALL>, about: Partial<PageSaid>): boolean {
  const each = said(about);
  return filterOf({ ...ALL, ...facts })(each, textOf(each));
}

Deno.test("Words have to be there, words behind a minus must not", () => {
  const value = "Voltage 5.01";
  assert.ok(passes({ text: "" }, { value }));
  assert.ok(passes({ text: " volt  5.0 " }, { value }));
  assert.ok(!passes({ text: "volt 6" }, { value }));
  assert.ok(!passes({ text: "-VOLT" }, { value }));
  assert.ok(passes({ text: "- -amp" }, { value }));
  assert.ok(passes({ text: "psu 5025" }, { value }), "link and peer count as well");
});

Deno.test("Between slashes it is a regular expression", () => {
  assert.ok(passes({ text: "/^psu .*v=\\d+$/" }, { value: "v=12" }));
  assert.ok(!passes({ text: "/V=/" }, { value: "v=12" }));
  assert.ok(passes({ text: "/V=/i" }, { value: "v=12" }));
  assert.throws(() => filterOf({ ...ALL, text: "/(/" }), SyntaxError);
});

Deno.test("Link, direction and kind pass only their own", () => {
  assert.ok(passes({ link: "1" }, {}) && !passes({ link: "2" }, {}));
  assert.ok(passes({ direction: "in" }, {}) && !passes({ direction: "out" }, {}));
  assert.ok(passes({ kind: "message" }, {}) && !passes({ kind: "call" }, {}));
  assert.ok(passes({ kind: "call" }, { kind: "failure", name: "x" }));
  assert.ok(passes({ kind: "bytes" }, { kind: "bytes" }));
});
