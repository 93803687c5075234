import { buildReference } from "./build.ts";

const root = new URL("../../", import.meta.url);

/** Where the console reads it. */
export const referenceFile = new URL("src/console/reference/entries.json", root);

/** What the file has to hold now: one name a line, so that two branches that change two names can be merged. */
export async function referenceText(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "mod.ts"],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const reference = buildReference(JSON.parse(new TextDecoder().decode(stdout)));
  const rows = Object.entries(reference).map(([name, entry]) =>
    `${JSON.stringify(name)}: ${JSON.stringify(entry)}`
  );
  return `{\n${rows.join(",\n")}\n}\n`;
}
