import assert from "node:assert/strict";
import { nameUses } from "../../../src/console/saved/name_uses.ts";
import { Syntax } from "../../../src/console/evaluator/syntax.ts";

const syntax = await Syntax.load();

/** Code, and what it reads, writes and uses as a type at the top level. */
const samples: [string, string, string?, string?][] = [
  ["a.b.c + d[e]", "a d e"],
  ["({ a, b: c, [d]: e, ...f })", "a c d e f"],
  ["a = b", "b", "a"],
  ["a += b; c++", "a b c", "a c"],
  ["({ a, b: [c = d], ...e } = f)", "d f", "a c e"],
  ["(a as any) = 1; [b!] = c", "c", "a b"],
  ["a.b = c", "a c"],
  ["for (a of b) c; for (d.e in f);", "b c d f", "a"],
  ["const { a = b, [c]: d } = e", "b c e"],
  ["function f(a, b = c, { d }) { var e; g(a, b, d, e, arguments) }", "c g"],
  ["(a) => { if (a) { var b; let c } b; c }", "c"],
  ["const f = function g() { g() }, h = class i { j = i; [k]() {} }", "k"],
  ["try { a } catch (b) { b; c }", "a c"],
  ["try { a } catch { b }", "a b"],
  ["for (let a = 0; a < b; a++); a", "a b"],
  ["for (const a of b) a", "b"],
  ["switch (a) { case b: let c; c }", "a b"],
  ["{ function a() {} a() } a", "a"],
  ["a: for (;;) { continue a; break a }", ""],
  ["class A extends B { #c = d; static e = f; g() { this.#c } static { var h; h } }", "B d f"],
  ["`${a}`; b`c`; (function () { new.target }); import.meta", "a b"],
  ["import a, { b } from 'c'; export { d as e }", ""],
  ["export const a = b", "b"],
  ["enum A { B, C = B, D = e }", "e"],
  ["namespace A { export const b = c; b }", "c"],
  ["function f<T>(a: Link, b: T): Peer.Name { return a as Other }", "", "", "Link Other Peer T"],
  ["class A { constructor(private a = b) { a } }", "b"],
  ["a satisfies B; <C>d", "a d", "", "B C"],
];

Deno.test("nameUses finds the names that no scope binds", () => {
  const words = (names: ReadonlySet<string>) => [...names].sort().join(" ");
  for (const [code, reads, writes = "", types] of samples) {
    const uses = nameUses(syntax.parseFile(`() => {}\n;${code}`).body);
    assert.deepEqual([words(uses.reads), words(uses.writes)], [reads, writes], code);
    if (types !== undefined) assert.equal(words(uses.types), types, code);
  }
});
