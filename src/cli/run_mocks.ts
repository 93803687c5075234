import { escapeText } from "../show/escape.ts";
import { suggestion } from "../suggestion.ts";
import {
  type LinkMock,
  mockLink,
  ParleyError,
  readRecording,
  type Recording,
  type SecretQuestion,
} from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { CommandLineError, explain, type ExplainOptions } from "./failure.ts";
import { usable } from "./recording_flags.ts";
import type { ScriptLink } from "./script_links.ts";

/** `name=recording` of `--mock`. */
export interface MockFlag {
  /** The variable of the script, or the link of the recording; absent: all links of the recording. */
  readonly name?: string;
  readonly path: string;
}

/** `--mock`, which may be given several times. @throws {CommandLineError} */
export function parseMock(text: string, before: readonly MockFlag[] = []): readonly MockFlag[] {
  const at = text.search(/=/);
  const name = at === -1 ? undefined : text.slice(0, at).trim();
  const path = at === -1 ? text : text.slice(at + 1);
  if (path === "" || name === "") {
    throw new CommandLineError(
      `Cannot use "${text}" as --mock: name=recording is wanted, such as psu=bench.log`,
    );
  }
  return [...before, { name, path }];
}

/** The mocks of a script that is run without its devices. */
export class RunMocks {
  readonly #mocks: readonly { readonly mock: LinkMock; readonly label: string }[];
  readonly #how: ExplainOptions;

  private constructor(
    mocks: readonly { readonly mock: LinkMock; readonly label: string }[],
    how: ExplainOptions,
  ) {
    this.#mocks = mocks;
    this.#how = how;
  }

  /**
   * Reads the recordings and stands in for their links. The first mismatch ends the program: nothing that a script does
   * after it would tell anything.
   *
   * @param links The links in the script by the variables that hold them.
   * @throws {CommandLineError} a recording cannot be read or played.
   */
  static async start(
    flags: readonly MockFlag[],
    links: ReadonlyMap<string, ScriptLink>,
    { how, ...options }: { readonly ignore?: RegExp; readonly how: ExplainOptions },
  ): Promise<RunMocks> {
    const mocks: { mock: LinkMock; label: string }[] = [];
    // Of two links to the same address, the one that the script makes first gets its recording first.
    const place = ({ name = "" }: MockFlag) => [...links.keys(), name].indexOf(name);
    for (const { name, path } of flags.toSorted((a, b) => place(a) - place(b))) {
      const recording = await usable(() => readRecording(path));
      if (recording.problem !== undefined) warn(recording.problem);
      for (const link of linksOf(recording, name, links)) {
        const variable = name ?? link;
        const mock = await usable(() =>
          mockLink(recording, {
            link,
            address: links.get(variable)?.address,
            ...options,
            onFail: (error) => Deno.exit(explain(error, how)),
          })
        );
        mocks.push({ mock, label: escapeText(variable) });
        answerSecrets(recording, link);
      }
    }
    return new RunMocks(mocks, how);
  }

  /** The script has ended, for good or for ill: tells what it has left out, and returns the exit code for that. */
  finish(code: number): number {
    for (const { mock, label } of this.#mocks) {
      mock.stop();
      if (mock.isUsed) continue;
      const where = [...mock.addresses].map((each) => escapeText(each)).join(" or ");
      warn(`--mock ${label}: the script has not connected to ${where}, so that nothing was played`);
    }
    if (code !== ExitCode.OK) return code; // it has failed before it could say the rest
    const missing = this.#mocks.map(({ mock }) => mock.missing).filter((text) => text !== undefined);
    for (const text of missing) {
      if (this.#how.json) explain(new ParleyError("mismatch", text), this.#how);
      else warn(`mismatch: ${text}`);
    }
    return missing.length === 0 ? code : ExitCode.ASSERTION;
  }
}

/** A script that wants a secret which is not in the environment gets what stands for it in the recording. */
function answerSecrets(recording: Recording, name: string): void {
  const link = recording.links.find((each) => each.name === name);
  const lengths = new Map<string, number>();
  for (const entry of link?.connections.flatMap(({ entries }) => entries) ?? []) {
    for (const { secret, length, part, form } of entry.kind === "bytes" ? entry.masked ?? [] : []) {
      if (form === undefined) lengths.set(secret, part?.of ?? length);
    }
  }
  globalThis.addEventListener("parley:ask-secret", (event) => {
    const { name, answer } = (event as CustomEvent<SecretQuestion>).detail;
    const length = lengths.get(name);
    if (length !== undefined) answer(Promise.resolve("*".repeat(length)));
  });
}

/** The links of a recording that `--mock` is about. @throws {CommandLineError} */
function linksOf(
  recording: Recording,
  name: string | undefined,
  links: ReadonlyMap<string, ScriptLink>,
): string[] {
  const clients = recording.links.filter(({ role }) => role === "client").map((link) => link.name);
  const all = recording.links.map((link) => link.name);
  if (name === undefined) return clients.length > 0 ? clients : all;
  if (all.includes(name)) return [name];
  if (links.has(name) && clients.length === 1) return clients;
  const known = [...new Set([...all, ...links.keys()])];
  const near = suggestion(name, known) || `; the recording has ${all.join(", ") || "no link"}`;
  throw new CommandLineError(
    `Cannot mock "${name}": neither ${recording.path} has such a link nor the script such a variable${near}`,
  );
}

function warn(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`parley: ${text}\n`));
}
