import assert from "node:assert/strict";
import { type Facts, TrafficQuery } from "../../../src/console/traffic/traffic_query.ts";

const NAMES = ["psu", "gate", "tcp://127.0.0.1:80"];
const facts: Facts = { name: "psu", peer: "tcp://10.0.0.7:50012", direction: "in", kind: "action" };

/** Whether a query holds for this text, regular expressions included. */
function holds(source: string, text = "", of: Facts = facts): boolean {
  const query = new TrafficQuery(source, NAMES);
  return query.suits(of) && query.hasText(text) &&
    query.patterns.every(({ pattern, isWanted }) => pattern.test(text) === isWanted);
}

Deno.test("a query asks for direction, link, peer and kind", () => {
  for (
    const source of ["in", "link:psu", "link:gate,psu", "peer:50012", "kind:action", "kind:message,action"]
  ) {
    assert(holds(source), source);
    assert(!holds(`not:${source}`), `not:${source}`);
  }
  for (
    const source of [
      "out",
      "link:gate",
      "peer:50013",
      "kind:message",
      "in link:gate",
      "link:tcp://127.0.0.1:80",
    ]
  ) {
    assert(!holds(source), source);
    assert(holds(`not:${source.split(" ").at(-1)}`), `not:${source}`);
  }
  const { kind: _kind, ...bytes } = facts;
  for (const source of ["kind:action", "not:kind:action", "in kind:message"]) {
    assert(holds(source, "", bytes), `bytes are of no kind, so that it decides nothing: ${source}`);
  }
  assert(!holds("out kind:action", "", bytes));
});

Deno.test("a query asks for text, in quotes or not, and words side by side are one text", () => {
  assert(holds("hello World", "say HELLO world!"));
  assert(!holds("hello World", "hello, world"));
  assert(holds('"in" out:', 'in the "out:" box') && !holds('"out"', "in"));
  assert(holds("in hello", "hello") && !holds("out hello", "hello"));
  assert(holds("hello in world", "world hello"), "two texts in any order");
  assert(holds("not:heartbeat", "tick") && !holds("not:heartbeat", "a Heartbeat"));
  assert(holds("err:5", "err:5") && holds('"kind:action"', "x kind:action"));
});

Deno.test("a query asks for what a regular expression matches, with slashes and brackets in it", () => {
  assert(holds("/^V=[0-9.]+$/", "V=5.01") && !holds("/^V=[0-9.]+$/", "A=1"));
  assert(holds("/ERR/i", "err") && !holds("/ERR/", "err"));
  assert(holds("/a b/ in", "a b") && holds("/a\\/b/", "a/b") && holds("/[/]/", "/"));
  assert(!holds("not:/err/", "err") && holds("not:/err/", "fine"));
});

Deno.test("a query that cannot be understood is refused with what to write", () => {
  const cases: [string, RegExp][] = [
    ["link:psuu", /^No link "psuu"; did you mean "psu"\?$/],
    ["link:zzzzz", /^No link "zzzzz"; there are psu, gate, tcp/],
    ["kind:acton", /^No kind of traffic "acton"; did you mean "action"\?$/],
    ["lnik:psu", /Cannot filter by "lnik:psu"; did you mean "link:"\? For text write "lnik:psu" in quotes/],
    ["link:", /something has to stand behind the colon/],
    ['"open', /the second " is missing/],
    ["/open", /write \/pattern\/ with a slash at its end, or "\/open" for text/],
    ["/dev/ttyUSB0", /or "\/dev\/ttyUSB0" for text/],
    ["/(/", /^Cannot use \/\(\/: Unterminated group$/],
    ["/a/xyz", /^Cannot use \/a\/xyz: Invalid flags/],
  ];
  for (const [source, message] of cases) {
    assert.throws(() => new TrafficQuery(source, NAMES), { message }, source);
  }
});
