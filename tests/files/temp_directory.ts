/** A directory for one test, removed afterwards with all that is in it. Its path is the real one. */
export class TempDirectory implements Disposable {
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "parley-files-" }));

  /** The path of something in it. */
  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a file into it, and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(path, bytes);
    return path;
  }

  read(name: string): string {
    return Deno.readTextFileSync(this.at(name));
  }

  /** Everything in it, directories with a slash at their end, in order. */
  list(below = ""): string[] {
    const found: string[] = [];
    for (const entry of Deno.readDirSync(this.at(below))) {
      const name = below + entry.name;
      found.push(...(entry.isDirectory ? [`${name}/`, ...this.list(`${name}/`)] : [name]));
    }
    return found.sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
