import { PYTHON } from "../side.ts";

/** Says why `python3-serial` cannot be measured, if it is not there. */
export async function whyNoPyserial(): Promise<string | undefined> {
  try {
    const args = ["-c", "import serial"];
    const { success } = await new Deno.Command(PYTHON, { args, stderr: "null" }).output();
    return success ? undefined : "python3-serial is not installed: apt-get install python3-serial";
  } catch {
    return `${PYTHON} is not there: apt-get install python3-serial`;
  }
}
