import { layerOf } from "./layer_map.ts";
import { sourceFiles } from "./source_files.ts";

const WORLD =
  /\bDeno\.|\bset(Timeout|Interval)\b|\bawait\b|\bperformance\.now\b|\bDate\.now\b|\bMath\.random\b|\bcrypto\./;
const MUTABLE = /^(export )?(let|var) /;

/** Lines of pure files that reach for the outside world, and module-level state that can change. */
export async function checkPurity(): Promise<string[]> {
  const problems: string[] = [];
  for (const path of await sourceFiles()) {
    const text = withoutComments(await Deno.readTextFile(path));
    text.split("\n").forEach((line, index) => {
      const where = `${path}:${index + 1}`;
      if (layerOf(path)?.isPure && WORLD.test(line)) problems.push(`${where} is not pure: ${line.trim()}`);
      if (MUTABLE.test(line)) problems.push(`${where} is module state that can change: ${line.trim()}`);
    });
  }
  return problems;
}

/** The text with its comments and quoted texts blanked and its lines kept. */
function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replaceAll(/[^\n]/g, " ");
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, blank).replaceAll(/(^|\s)\/\/.*$|"[^"\n]*"/gm, blank);
}
