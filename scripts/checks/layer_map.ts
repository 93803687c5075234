/** The layers of `src/`, and for each one which others it may import. A file belongs to the first that matches. */
export interface Layer {
  readonly name: string;
  readonly matches: RegExp;
  readonly mayImport: readonly string[];
  /** True for code without input or output, clock or `await`. */
  readonly isPure?: boolean;
}

const LIBRARY = ["core", "codec", "dialect", "session", "transport", "files", "peer", "discovery", "show"];

export const layers: readonly Layer[] = [
  {
    name: "session",
    matches: /^src\/(session|session_event|session_errors|own_calls|pending|reply_order)\.ts$/,
    mayImport: ["core", "dialect"],
    isPure: true,
  },
  { name: "core", matches: /^src\/[^/]+\.ts$/, mayImport: [], isPure: true },
  { name: "codec", matches: /^src\/codec\//, mayImport: ["core"], isPure: true },
  { name: "dialect", matches: /^src\/dialect\//, mayImport: ["core", "codec"], isPure: true },
  { name: "arq", matches: /^src\/arq\//, mayImport: ["core", "codec"], isPure: true },
  { name: "transport", matches: /^src\/transport\//, mayImport: ["core"] },
  { name: "files", matches: /^src\/files\//, mayImport: ["core"] },
  {
    name: "peer",
    matches: /^src\/peer\//,
    mayImport: ["core", "codec", "dialect", "session", "arq", "transport", "files", "show"],
  },
  { name: "discovery", matches: /^src\/discovery\//, mayImport: ["core", "dialect", "transport", "peer"] },
  { name: "show", matches: /^src\/show\//, mayImport: ["core"] },
  { name: "mod", matches: /^mod\.ts$/, mayImport: LIBRARY },
  {
    name: "testing",
    matches: /^src\/testing\//,
    mayImport: ["core", "codec", "dialect", "session", "transport"],
  },
  { name: "console", matches: /^src\/console\//, mayImport: ["mod", "show", "core"] },
  { name: "cli", matches: /^src\/cli\//, mayImport: ["mod", "show", "core", "console"] },
];

/** The layer of a file given by its path in the repository. */
export function layerOf(path: string): Layer | undefined {
  return layers.find(({ matches }) => matches.test(path));
}
