import {
  Client,
  type DialRequest,
  type ListenNotice,
  record,
  type Recordable,
  type Recorder,
} from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { showError } from "../show/error.ts";
import { CommandLineError } from "./failure.ts";
import type { ScriptLink } from "./script_links.ts";

/**
 * Records all links of a script that is run, each from before its first byte on, until the program ends.
 *
 * @param links The links in the script by the variables that hold them, which give them their names.
 * @throws {CommandLineError} the file cannot be made.
 */
export async function recordScript(
  path: string,
  links: ReadonlyMap<string, ScriptLink>,
  options: { readonly overwrite: boolean },
): Promise<void> {
  const recorder = await create(path, options);
  const holders = new Map<string, Recordable>();
  const add = (link: Recordable, address: string) => {
    const isServer = !(link instanceof Client);
    const isMeant = (each: ScriptLink) => each.address === address && each.isServer === isServer;
    const names = [...links].filter(([, each]) => isMeant(each)).map(([name]) => name);
    const name = names.find((each) => !holders.has(each)) ??
      names.find((each) => isOver(holders.get(each)!)); // in a loop a variable holds one after the other
    if (name !== undefined) holders.set(name, link);
    recorder.add(link, name ?? link.address);
  };
  globalThis.addEventListener("parley:dial", (event) => {
    const { client } = (event as CustomEvent<DialRequest>).detail;
    add(client, client.target);
  });
  globalThis.addEventListener("parley:listen", (event) => {
    const { server } = (event as CustomEvent<ListenNotice>).detail;
    add(server, server.target);
  });
  globalThis.addEventListener("unload", () => void recorder.close());
}

function isOver(link: Recordable): boolean {
  return link instanceof Client ? link.state === "closed" : !link.isListening;
}

async function create(path: string, { overwrite }: { readonly overwrite: boolean }): Promise<Recorder> {
  try {
    return await record(path, {}, { overwrite, onFail });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    throw new CommandLineError(
      code === "exists" ? `Cannot record to "${path}": it exists; --force overwrites it` : message,
    );
  }
}

/** The script goes on; that what was asked for is not there is told by the exit code, unless something worse is. */
function onFail(error: Error): void {
  say(showError(error, false));
  if (Deno.exitCode === 0) Deno.exitCode = ExitCode.ERROR;
}

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`parley: ${text}\n`));
}
