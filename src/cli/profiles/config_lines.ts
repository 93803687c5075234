/**
 * The line, counted from 1, in which a table of a TOML text begins, or a key of that table stands; `undefined` when it is
 * written in a way that is not looked for. The parser does not tell where it has found things. Pure.
 */
export function lineOf(source: string, table: string, key?: string): number | undefined {
  let begin: number | undefined;
  for (const [index, line] of source.split("\n").entries()) {
    const header = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      if (begin !== undefined && !isName(header.split(".")[0], table)) break;
      if (begin === undefined && isName(header, table)) begin = index + 1;
      if (begin !== undefined && key !== undefined && isName(header.split(".")[1] ?? "", key)) {
        return index + 1;
      }
    } else if (begin !== undefined && key !== undefined) {
      const name = /^\s*("[^"]*"|'[^']*'|[\w-]+)\s*[=.]/.exec(line)?.[1];
      if (name !== undefined && isName(name, key)) return index + 1;
    }
  }
  return begin;
}

/** With or without quotes. */
function isName(written: string, name: string): boolean {
  return written.trim().replace(/^(["'])(.*)\1$/, "$2") === name;
}
