import { stripTypeScriptTypes } from "node:module";

/** A module of the page. */
export interface PageModule {
  /** Its path, as the imports of the others mean it: the last part is enough. */
  readonly file: string;
  readonly source: string;
}

/**
 * Modules of the page as one script: each in a scope of its own, in this order, so that a module only imports from those
 * before it. Only what our own modules use is understood: named imports, and `export` in front of a declaration.
 *
 * @throws {Error} a module imports one that does not stand before it.
 */
export function pageScript(modules: readonly PageModule[]): string {
  const names = new Map<string, string>();
  const parts = modules.map(({ file, source }, index) => {
    const name = `module${index}`;
    const script = scoped(name, file, stripTypeScriptTypes(source), names);
    names.set(fileOf(file), name);
    return script;
  });
  return inScriptElement(`"use strict";\n${parts.join("\n")}`);
}

/** Text that cannot end the element that it stands in. */
export function inScriptElement(script: string): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, "\\x3c");
}

function scoped(name: string, file: string, script: string, names: ReadonlyMap<string, string>): string {
  const imported = script.replaceAll(
    /^import \{([^}]*)\} from "([^"]+)";$/gm,
    (_all, what: string, from: string) => {
      const other = names.get(fileOf(from));
      if (other === undefined) throw new Error(`${file} imports ${from}, which does not stand before it`);
      return `const {${what.replaceAll(/\bas\b/g, ":").replaceAll(" : ", ": ")}} = ${other};`;
    },
  );
  const exported: string[] = [];
  const declaration = /^export ((?:async )?function\*?|class|const) ([\w$]+)/gm;
  const body = imported.replaceAll(declaration, (_all, kind: string, what: string) => {
    exported.push(what);
    return `${kind} ${what}`;
  });
  return `const ${name} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();`;
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
