import { referenceFile, referenceText } from "../reference/reference_file.ts";

/** The console's help is what the doc comments say now. */
export async function checkReference(): Promise<string[]> {
  const written = await Deno.readTextFile(referenceFile).catch(() => "");
  return written === await referenceText()
    ? []
    : ["src/console/reference/entries.json is stale: deno task reference"];
}
