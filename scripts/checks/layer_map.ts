/** The layers of `src/`, and for each one which others it may import. A file belongs to the first that matches. */
export interface Layer {
  readonly name: string;
  readonly matches: RegExp;
  readonly mayImport: readonly string[];
  /** True for code without input or output, clock or `await`. */
  readonly isPure?: boolean;
}

const LIBRARY = [
  "core",
  "codec",
  "dialect",
  "session",
  "transport",
  "files",
  "peer",
  "record",
  "discovery",
  "show",
  "check",
  "secret",
];

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
  {
    name: "record",
    matches: /^src\/record\//,
    mayImport: ["core", "dialect", "transport", "files", "peer", "show", "secret"],
  },
  { name: "show", matches: /^src\/show\//, mayImport: ["core"] },
  { name: "check", matches: /^src\/check\//, mayImport: ["core", "show"] },
  { name: "secret", matches: /^src\/secret\//, mayImport: ["core", "show"] },
  { name: "mod", matches: /^mod\.ts$/, mayImport: LIBRARY },
  {
    name: "testing",
    matches: /^src\/testing\//,
    mayImport: ["core", "codec", "dialect", "session", "transport"],
  },
  {
    name: "page core", // of the web view, tested without a browser
    matches:
      /^src\/web\/page\/(wire|said_text|hex_dump|filter|numbers|series|fields|rates|sent_history|traffic_log)\.ts$/,
    mayImport: ["show"],
    isPure: true,
  },
  { name: "page", matches: /^src\/web\/page\//, mayImport: ["page core", "show"] },
  { name: "web", matches: /^src\/web\//, mayImport: ["page core", "page", "mod", "show", "core"] },
  { name: "console", matches: /^src\/console\//, mayImport: ["web", "mod", "show", "core"] },
  { name: "cli", matches: /^src\/cli\//, mayImport: ["web", "mod", "show", "core", "console"] },
];

/** The layer of a file given by its path in the repository. */
export function layerOf(path: string): Layer | undefined {
  return layers.find(({ matches }) => matches.test(path));
}
