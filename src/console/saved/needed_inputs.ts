import { type ParsedInput, type SavedInput, Session } from "./session.ts";
import { Syntax } from "../evaluator/syntax.ts";
import { walk } from "../evaluator/tree.ts";

/**
 * The inputs from `from` on, and of those before it the ones that they need: what declares or assigns a name that they
 * use, and what gives handlers and callbacks to links that they use; and what those need in turn.
 */
export async function neededInputs(inputs: readonly SavedInput[], from: number): Promise<SavedInput[]> {
  const syntax = await Syntax.load();
  const all = inputs.map((input) => {
    const session = new Session(syntax, [input]);
    return { parsed: session.inputs[0], makes: new Set(session.firstInput.keys()) };
  });
  const kept = new Set<number>(all.keys().filter((index) => index >= from));
  const names = new Set<string>();
  const keep = (index: number) => {
    kept.add(index);
    const { reads, writes, types } = all[index].parsed.uses;
    for (const name of [...reads, ...writes, ...types]) names.add(name);
  };
  for (const index of [...kept]) keep(index);
  if (names.has("_")) keepResult(all.map(({ parsed }) => parsed), from, keep);
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (let index = from - 1; index >= 0; index--) {
      if (kept.has(index)) continue;
      const { parsed, makes } = all[index];
      const isNeeded = [...makes].some((name) => names.has(name)) ||
        [...listenersOf(parsed)].some((name) => names.has(name));
      if (isNeeded) keep(index);
    }
  }
  return inputs.filter((_input, index) => kept.has(index));
}

/** `_` is what was shown last, which may have been before. */
function keepResult(inputs: readonly ParsedInput[], from: number, keep: (index: number) => void): void {
  const reader = inputs.findIndex(({ uses }, index) => index >= from && uses.reads.has("_"));
  const shown = inputs.findLastIndex(({ printed }, index) => printed && index < reader);
  if (shown !== -1 && shown < from) keep(shown);
}

/** The variables whose links an input gives something to do: `fleet.onRequest("time", …)`. */
function listenersOf({ program }: ParsedInput): Set<string> {
  const found = new Set<string>();
  walk(program, (node, isNested) => {
    if (isNested || node.type !== "CallExpression") return;
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
    if (callee.property.type === "Identifier" && LISTENING.has(callee.property.name)) {
      found.add(callee.object.name);
    }
  });
  return found;
}

const LISTENING: ReadonlySet<string> = new Set(["onRequest", "onAction", "use", "share"]);
