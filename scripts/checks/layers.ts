import { layerOf } from "./layer_map.ts";
import { sourceFiles } from "./source_files.ts";

/** Imports of a file that its layer may not have. */
export async function checkLayers(): Promise<string[]> {
  const problems: string[] = [];
  for (const path of await sourceFiles()) {
    const layer = layerOf(path);
    if (layer === undefined) {
      problems.push(`${path} belongs to no layer: add its folder to scripts/checks/layer_map.ts`);
      continue;
    }
    for (const specifier of importsOf(await Deno.readTextFile(path))) {
      if (!specifier.startsWith(".")) continue;
      const imported = new URL(specifier, `file:///${path}`).pathname.slice(1);
      const other = layerOf(imported);
      if (other === layer || (other !== undefined && layer.mayImport.includes(other.name))) continue;
      problems.push(`${path} (${layer.name}) imports ${imported} (${other?.name ?? "no layer"})`);
    }
  }
  return problems;
}

/** The specifiers of static and dynamic imports, those in comments left out. */
function importsOf(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, specifier]) => specifier);
}
