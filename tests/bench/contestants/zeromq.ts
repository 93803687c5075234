import { installForNode } from "./npm_package.ts";

/** Fetches npm's `zeromq`; says why not. It hangs under Deno, so its contestants run in Node. */
export function installZeromq(directory: string): Promise<string | undefined> {
  return installForNode("zeromq", "6.8.0", directory);
}
