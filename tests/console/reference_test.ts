import assert from "node:assert/strict";
import { buildReference } from "../../scripts/reference/build.ts";
import { type Entry, Reference } from "../../src/console/reference/reference.ts";

const source = `
/** How loud. */
export type Level = "low" | "high";
/** Options of all. */
export interface WaitOptions {
  /** How long, in milliseconds. Default 10. */
  timeoutMs?: number;
}
/** Options of {@linkcode ring}. */
export interface RingOptions extends WaitOptions {
  /** How loud. Default \`"low"\`. */
  level?: Level;
}
/** Something that is given, not written down. */
export interface Bell { readonly name: string; ring(): void }
/**
 * Rings a bell,
 * once.
 *
 * More of it.
 *
 * @param bell Which one.
 * @example
 * \`\`\`ts
 * ring("a");
 * \`\`\`
 */
export function ring(bell: string, options?: RingOptions & Partial<Record<"x", number>>): Promise<void>;
/** The same with a bell. */
export function ring(bell: Bell, ...more: readonly (Level | 7)[]): Promise<void>;
export function ring(): Promise<void> { return Promise.resolve(); }
/** Holds bells. */
export class Tower {
  /** @internal */
  constructor() {}
  /** How many. @throws {Error} never. */
  get count(): number { return 0; }
  /** Adds one. */
  add(bell: Bell, level: Level = "low"): this { void bell; void level; return this; }
  private hidden(): void {}
}
/** A tower with a clock. */
export class Clock extends Tower {}
/** All of them. */
export const towers: Readonly<Record<string, () => Tower>> = {};
`;

/** What is made of the module above. */
async function build(): Promise<Record<string, Entry>> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, source);
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["doc", "--json", file] }).output();
    return buildReference(JSON.parse(new TextDecoder().decode(stdout)));
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the reference holds what doc comments and declarations say, and no more", async () => {
  const { ring, Tower, Level, RingOptions, towers } = await build();
  assert.deepEqual(ring, {
    kind: "function",
    doc: "Rings a bell, once.",
    example: 'ring("a");',
    calls: [
      {
        text: 'ring(bell: string, options?: RingOptions & Partial<Record<"x", number>>): Promise<void>',
        parameters: [{ name: "bell", doc: "Which one." }, {
          name: "options",
          options: ["RingOptions"],
        }],
      },
      {
        text: "ring(bell: Bell, ...more: readonly (Level | 7)[]): Promise<void>",
        parameters: [{ name: "bell" }, { name: "more" }],
      },
    ],
  });
  assert.deepEqual(Tower, {
    kind: "class",
    doc: "Holds bells.",
    members: {
      count: { doc: "How many.", type: "number" },
      add: {
        doc: "Adds one.",
        calls: [{
          text: "add(bell: Bell, level?: Level): this",
          parameters: [{ name: "bell" }, { name: "level", values: ["low", "high"] }],
        }],
      },
    },
  });
  assert.deepEqual(Level, {
    kind: "type",
    doc: "How loud.",
    type: '"low" | "high"',
    values: ["low", "high"],
  });
  assert.equal(RingOptions.doc, "Options of ring.");
  assert.deepEqual(towers, {
    kind: "value",
    doc: "All of them.",
    type: "Readonly<Record<string, () => Tower>>",
  });
});

Deno.test("members are found with those of what is extended, and names of every object are none", async () => {
  const reference = new Reference(await build());
  assert.deepEqual([...reference.members("RingOptions").keys()], ["level", "timeoutMs"]);
  assert.deepEqual([...reference.members("Clock").keys()], ["count", "add"]);
  assert.equal(reference.entry("toString"), undefined);
  assert.equal(reference.members("constructor").size, 0);
});

Deno.test("members end where types extend each other in a circle", () => {
  const circle = new Reference({
    A: { kind: "interface", extends: ["B"], members: { a: {} } },
    B: { kind: "interface", extends: ["A"], members: { b: {} } },
  });
  assert.deepEqual([...circle.members("A").keys()], ["a", "b"]);
});
