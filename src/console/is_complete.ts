import { Incomplete, Syntax } from "./evaluator/syntax.ts";
import { isCommand } from "./typed_text.ts";

/** Whether Enter ends the input: not inside a bracket, a template or a block. */
export async function isComplete(text: string): Promise<boolean> {
  if (isCommand(text)) return true;
  const syntax = await Syntax.load();
  try {
    syntax.parseInput(text);
    return true;
  } catch (error) {
    return !(error instanceof Incomplete);
  }
}
