import assert from "node:assert/strict";
import type { Case, FrameNote, Piece, Step } from "./case.ts";
import { expand } from "./expand.ts";
import { isFrame } from "./pieces.ts";
import { runCase } from "./run_case.ts";
import { SessionSide } from "./session_side.ts";
import { casesOf, FILES } from "./table.ts";

const ALL: readonly Case[] = FILES.flatMap((file) => casesOf(file));

Deno.test("the conformance table has at least 180 cases for each role, and each has a name of its own", () => {
  for (const role of ["client", "server"]) {
    const count = ALL.filter((one) => one.role === role).length;
    assert.ok(count >= 180, `${count} cases for a ${role}`);
  }
  for (const file of FILES) {
    const names = casesOf(file).map(({ name, role }) => `${role} ${name}`);
    assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), [], file);
  }
});

Deno.test("the conformance table holds nothing that its types do not know", () => {
  const known: Record<string, readonly string[]> = {
    case: ["name", "role", "begin", "about", "options", "steps"],
    options: ["limits", "resume", "refuse"],
    frame:
      "frame kind seq id length ms name nameBytes key stream value msgpack bytes text anyBytes body optional"
        .split(" "),
    step: ("in do tick cut link events out old anyOut acked throws " +
      "call name args kwargs value id bytes code message retryAfterMs key stream resend timeoutMs").split(
        " ",
      ),
  };
  const check = (kind: string, value: object, where: string) => {
    for (const key of Object.keys(value)) {
      assert.ok(known[kind].includes(key), `${where}: ${kind} has "${key}"`);
    }
  };
  const piecesOf = (step: Step): Piece[] => [...step.in ?? [], ...step.out ?? [], ...step.old ?? []];
  for (const one of ALL) {
    check("case", one, one.name);
    check("options", one.options ?? {}, one.name);
    assert.ok(one.about.length > 0 && one.steps.length > 0, one.name);
    for (const step of one.steps) {
      check("step", step, one.name);
      for (const piece of piecesOf(step)) if (isFrame(piece)) check("frame", piece, one.name);
    }
    assert.ok(expand(one).steps.length > 0);
  }
});

Deno.test("the conformance runner notices everything that is missing or too much", () => {
  for (const one of ALL) {
    for (const [at, step] of one.steps.entries()) {
      for (const spoilt of spoil(step)) {
        const steps = one.steps.map((other, index) => index === at ? spoilt : other);
        assert.match(
          runCase({ ...one, steps }, new SessionSide(one), "whole") ?? "as wanted",
          new RegExp(`step ${at + 1} of ${steps.length}`),
          `"${one.name}" (${one.role}) with ${JSON.stringify(spoilt).slice(0, 300)}`,
        );
      }
    }
  }
});

Deno.test("docs/native-wire.md shows no bytes but those of the table", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/native-wire.md", import.meta.url));
  const shown = [...text.matchAll(/^(?:->|<-) {2}((?:[0-9a-f]{2} ?)+)/gm)].map(([, hex]) => hex.trim());
  assert.ok(shown.length >= 10, `${shown.length} examples`);
  const table = ALL.flatMap((one) => expand(one).steps)
    .flatMap((step) => [step.in ?? "", ...step.out ?? []]).join("\n");
  for (const hex of shown) assert.ok(table.includes(hex), hex);
});

/** Steps that expect one thing less or more than the step does. */
function* spoil(step: Step): Generator<Step> {
  const { events = [], out = [] } = step;
  yield { ...step, events: [...events, { event: "message", value: "never sent" }] };
  if (events.length > 0) yield { ...step, events: events.slice(0, -1) };
  if (step.acked !== undefined) yield { ...step, acked: step.acked + 1 };
  if (step.old !== undefined) yield { ...step, old: [] };
  if (step.anyOut === true || step.cut === true) return;
  yield { ...step, out: [...out, { frame: "PING" }] };
  const last = out.findLast((piece) => !isFrame(piece) || piece.optional !== true);
  if (last === undefined) return;
  yield { ...step, out: out.filter((piece) => piece !== last) };
  if (!isFrame(last)) return;
  const others: Partial<FrameNote>[] = [
    { seq: (last.seq ?? 0) + 1 },
    { id: (last.id ?? 0) + 1 },
    { frame: "PONG", body: ["00"] },
  ];
  for (const other of others) {
    yield { ...step, out: out.map((piece) => piece === last ? { ...last, ...other } : piece) };
  }
}
