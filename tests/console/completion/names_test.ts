import assert from "node:assert/strict";
import { names } from "../../../src/console/completion/names.ts";
import { placeAt } from "../../../src/console/completion/place.ts";
import type { CompletionWorld } from "../../../src/console/completion/source.ts";
import type { Completion } from "../../../src/console/terminal/completion.ts";

/** Names look at the globals and at the doc comments, which are not loaded here. */
function complete(line: string, cursor: number, globals: object): Completion | undefined {
  const world: Pick<CompletionWorld, "globals" | "reference"> = {
    globals,
    reference: { now: undefined, load: () => Promise.reject(new Error("not wanted here")) },
  };
  return names(placeAt(line, cursor), world as CompletionWorld) as Completion | undefined;
}

function completed(line: string, globals: object): string[] {
  return complete(line, line.length, globals)?.candidates.map(({ text }) => text) ?? [];
}

const peer = {
  send() {},
  _hidden: 1,
  links: [{ name: { first: "x" } }],
  "drone-3": { battery: 1 },
};
const globals = { peer, text: "abc", größe: { breite: 1 }, constant: 1, __parley: {} };

Deno.test("names: Tab lists members behind a dot", () => {
  const expected: [string, string[]][] = [
    ["peer.", ["links", "send", "_hidden"]],
    ["peer.se", ["send"]],
    ["peer?.se", ["send"]],
    ["peer.links[0].", ["name"]],
    ["peer?.links?.[0]?.name.", ["first"]],
    ['peer["drone-3"].', ["battery"]],
    ["peer['drone-3'].b", ["battery"]],
    ["await peer.se", ["send"]],
    ["[...peer.li", ["links"]],
    ["a ? peer.li", ["links"]],
    ["f(peer.li", ["links"]],
    ["peer\n  .se", ["send"]],
    ["größe.", ["breite"]],
    ["this.pe", ["peer"]],
    ["globalThis.pe", ["peer"]],
    ["text.toUpperC", ["toUpperCase"]],
    ["peer.links.le", ["length"]],
    ["peer.toS", ["toString"]],
    ["peer.links[0].name.first.trimS", ["trimStart"]],
    ["peer.nothing.", []],
    ["nothing.", []],
    ["f().peer.", []],
    ["peer.links[i].", []],
    ["1.", []],
  ];
  for (const [line, candidates] of expected) assert.deepEqual(completed(line, globals), candidates, line);
});

Deno.test("names: Tab lists names, and keywords with them", () => {
  assert.deepEqual(completed("con", globals), ["const", "constant", "constructor", "continue"]);
  assert.deepEqual(completed("a + pee", globals), ["peer"]);
  assert.deepEqual(completed("", globals), ["constant", "größe", "peer", "text"]);
  assert.deepEqual(completed("__par", globals), []);
});

Deno.test("names: Tab says where the replaced text begins, and looks only before the cursor", () => {
  const at = (line: string, cursor: number) => {
    const { candidates, start } = complete(line, cursor, globals)!;
    return { candidates: candidates.map(({ text }) => text), start };
  };
  assert.deepEqual(at("f(peer.se)", 9), { candidates: ["send"], start: 7 });
  assert.deepEqual(at("pe.x", 2), { candidates: ["peer"], start: 0 });
});

Deno.test("names: Tab gives nothing inside of strings, comments and regular expressions", () => {
  for (
    const line of [
      "'peer.",
      '"peer.',
      "`peer.",
      "`${1} peer.",
      "// peer.",
      "/* peer.",
      "a = /peer.",
      "'\\'peer.",
    ]
  ) {
    assert.deepEqual(completed(line, globals), [], line);
  }
  for (
    const line of [
      "'' + peer.se",
      "`${peer.se",
      "a / peer.se",
      "/* */ peer.se",
      "// a\npeer.se",
      "/[/']/.test(peer.se",
      "`${ { a: `${1}` } }` + peer.se",
    ]
  ) {
    assert.deepEqual(completed(line, globals), ["send"], line);
  }
});

Deno.test("names: Tab runs no getter and no proxy trap", () => {
  const ran: string[] = [];
  const trap = (name: string) => () => {
    ran.push(name);
    throw new Error(name);
  };
  class Base {
    get address() {
      return trap("address")();
    }
  }
  class Derived extends Base {
    own = 1;
    get port() {
      return trap("port")();
    }
  }
  const handler = {
    get: trap("get"),
    ownKeys: trap("ownKeys"),
    getOwnPropertyDescriptor: trap("descriptor"),
    getPrototypeOf: trap("prototype"),
    has: trap("has"),
  };
  const holder = {
    link: new Derived(),
    proxy: new Proxy({}, handler),
    heir: Object.create(new Proxy({}, handler), { a: { value: 1 } }),
  };
  Object.defineProperty(holder, "lazy", { get: trap("lazy"), enumerable: true });
  assert.deepEqual(completed("link.", holder), ["address", "constructor", "own", "port"]);
  assert.deepEqual(completed("link.address.", holder), []);
  assert.deepEqual(completed("lazy.", holder), []);
  assert.deepEqual(completed("la", holder), ["lazy"]);
  assert.deepEqual(completed("proxy.", holder), []);
  assert.deepEqual(completed("heir.", holder), ["a"]);
  assert.deepEqual(ran, []);
});

Deno.test("names: Tab lists the names of a short array, as a match has them", () => {
  assert.deepEqual(completed("match.in", { match: /a/.exec("a") }), [
    "includes",
    "index",
    "indexOf",
    "input",
  ]);
});

Deno.test("names: Tab does not list the elements of a long array", () => {
  const long = {
    array: Object.assign(new Array(1_000_000).fill(0), { named: 1 }),
    bytes: new Uint8Array(1_000_000),
    text: "x".repeat(1_000_000),
  };
  for (const name of ["array", "bytes", "text"]) {
    const candidates = completed(`${name}.`, long);
    assert.ok(candidates.length < 100 && candidates.includes("length"), name);
    assert.ok(candidates.every((each) => !/^\d|named/.test(each)));
  }
});

Deno.test("names: Tab gives at most 500 candidates", () => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`key${index}`, index]));
  assert.equal(completed("many.", { many }).length, 500);
});
