import { PACKAGE_NAME, VERSION } from "../../src/version.ts";

/** Differences between the version in deno.json and what the code and the changelog say. */
export async function checkVersion(): Promise<string[]> {
  const config = JSON.parse(await Deno.readTextFile("deno.json")) as { name: string; version: string };
  const problems: string[] = [];
  if (config.version !== VERSION) {
    problems.push(`deno.json has version ${config.version}, src/version.ts ${VERSION}`);
  }
  if (config.name !== PACKAGE_NAME) {
    problems.push(`deno.json has name ${config.name}, src/version.ts ${PACKAGE_NAME}`);
  }
  const changelog = await Deno.readTextFile("CHANGELOG.md");
  if (!changelog.includes("## Unreleased") && !changelog.includes(`## ${VERSION}`)) {
    problems.push(`CHANGELOG.md has neither "## Unreleased" nor "## ${VERSION}"`);
  }
  return problems;
}
