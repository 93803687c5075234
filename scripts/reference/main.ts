/** Writes what the console shows as help for Parley's own names: `deno task reference`. */
import { referenceFile, referenceText } from "./reference_file.ts";

await Deno.writeTextFile(referenceFile, await referenceText());
