/** The paths of `mod.ts` and everything in `src/`, in the repository. */
export async function sourceFiles(): Promise<string[]> {
  const found = ["mod.ts"];
  await collect("src", found);
  return found.sort();
}

async function collect(folder: string, found: string[]): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) await collect(path, found);
    else if (path.endsWith(".ts")) found.push(path);
  }
}
