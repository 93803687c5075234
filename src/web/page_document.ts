import { libraries, markup, modules, styles } from "./page_parts.ts";
import { inScriptElement, pageScript } from "./page_script.ts";

/** The page, made once: everything in it but the nonce and the key, which are new each time. */
export class PageDocument {
  readonly #style = styles.join("\n");
  readonly #libraries = libraries.map(inScriptElement).join("\n");
  readonly #script = pageScript(modules);

  /**
   * The page for one visitor.
   *
   * @param nonce What the scripts and styles of this page, and no others, are marked with.
   * @param key Opens all else; absent when the page is loaded again and has it already.
   */
  render(nonce: string, key: string | undefined): string {
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Parley</title>
<link rel="icon" href="${ICON}">
<style nonce="${nonce}">${this.#style}</style>
</head>
<body data-key="${key ?? ""}">
${markup}
<script nonce="${nonce}">${this.#libraries}</script>
<script nonce="${nonce}">${this.#script}</script>
</body>
</html>
`;
  }
}

/** Two that talk. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2f6feb"/>' +
    '<path d="M7 12h13l-4-4M25 20H12l4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" ' +
    'stroke-linejoin="round"/></svg>',
);
