import { installForNode } from "./npm_package.ts";

/** Fetches npm's `serialport`; says why not. Its poller ends a Deno process, so its contestants run in Node. */
export function installSerialport(directory: string): Promise<string | undefined> {
  return installForNode("serialport", "13.0.0", directory);
}
