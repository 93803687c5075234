import { PYTHON } from "../side.ts";

/** Says why Python cannot be measured, if it is not there. */
export async function whyNoPython(): Promise<string | undefined> {
  try {
    await new Deno.Command(PYTHON, { args: ["--version"], stdout: "null", stderr: "null" }).output();
    return undefined;
  } catch {
    return `${PYTHON} is not there: apt-get install python3`;
  }
}
