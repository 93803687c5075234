import { Client, record, type Recorder } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { TYPED_OUT, writeScript } from "./commands/save.ts";
import type { Link } from "./link_book.ts";
import { neededInputs } from "./saved/needed_inputs.ts";
import type { Shell } from "./shell.ts";

/** What `.record` is to write. */
export interface RecordingPlan {
  /** The script of the commands, if they are recorded. */
  readonly script?: string;
  /** The recording of the traffic. */
  readonly traffic: string;
  /** The links that are recorded; empty: all, also those that are made later. */
  readonly links: readonly Link[];
  /** Whether files that are there are overwritten. */
  readonly force: boolean;
}

/** The recording of a console session: the traffic of its links, and its commands as a script. */
export class SessionRecording {
  readonly #shell: Shell;
  #now: {
    readonly plan: RecordingPlan;
    readonly recorder: Recorder;
    readonly firstInput: number;
    readonly failuresBefore: number;
    readonly unwatch: () => void;
  } | undefined;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** True between `.record` and `.record stop`. */
  get isOn(): boolean {
    return this.#now !== undefined;
  }

  /**
   * Begins; false when it has ended at once, as on a full disk, which was told.
   *
   * @throws {ParleyError} `exists`. @throws {BrokenError} the disk refused.
   */
  async start(plan: RecordingPlan): Promise<boolean> {
    const { book, inputs, failures, print } = this.#shell;
    const recorder = await record(plan.traffic, {}, {
      overwrite: plan.force,
      onFail: (error) => print(`! ${showError(error, false)}`),
    });
    if (!recorder.isOpen) return false;
    const add = (link: Link) => recorder.add(link, () => book.nameOf(link));
    const links = plan.links.length > 0 ? plan.links : book.links;
    links.forEach(add);
    const unwatch = plan.links.length > 0 ? () => {} : book.watchLinks(add);
    this.#now = { plan, recorder, firstInput: inputs.length, failuresBefore: failures, unwatch };
    return true;
  }

  /** One line that tells how it stands. */
  get status(): string {
    if (this.#now === undefined) {
      return "Nothing is recorded. .record bench.ts does, .record bench.jsonl only traffic.";
    }
    const { plan, recorder, firstInput } = this.#now;
    const { lines, bytes, size, failure } = recorder;
    const traffic =
      `traffic of ${size} ${size === 1 ? "link" : "links"} to ${
        escapeText(plan.traffic)
      } (${lines} lines, ${bytes} bytes` +
      `${failure === undefined ? "" : ", ended"})`;
    if (plan.script === undefined) return `Recording ${traffic}.`;
    const count = this.#shell.inputs.length - firstInput;
    return `Recording commands to ${escapeText(plan.script)} (${count} so far), ${traffic}.`;
  }

  /** Ends it, and resolves with what has become of it; `undefined` when nothing was recorded. Never rejects. */
  async finish(): Promise<string | undefined> {
    const now = this.#now;
    if (now === undefined) return undefined;
    this.#now = undefined;
    now.unwatch();
    await now.recorder.close();
    const { script, traffic } = now.plan;
    if (script === undefined) {
      const { lines, bytes, failure } = now.recorder;
      if (failure !== undefined) {
        return `${escapeText(traffic)} ends early, after ${lines} lines, ${bytes} bytes: ${failure.message}`;
      }
      return `${escapeText(traffic)}  ${lines} lines, ${bytes} bytes. Play it: parley replay ${
        escapeText(traffic)
      }`;
    }
    try {
      return await this.#writeScript(script, now);
    } catch (error) {
      return `! ${(error as Error).message}; the traffic is in ${escapeText(traffic)}`;
    }
  }

  async #writeScript(
    path: string,
    { plan, recorder, firstInput, failuresBefore }: {
      readonly plan: RecordingPlan;
      readonly recorder: Recorder;
      readonly firstInput: number;
      readonly failuresBefore: number;
    },
  ): Promise<string> {
    const shell = this.#shell;
    const log = escapeText(plan.traffic);
    const name = escapeText(path);
    if (shell.inputs.length === firstInput) {
      return `${name} was not written: no line has succeeded since .record. The traffic is in ${log}`;
    }
    const inputs = await neededInputs(shell.inputs, firstInput);
    const isCut = recorder.failure !== undefined;
    const written = await writeScript(shell, { path, force: plan.force, waits: true, inputs });
    if (written === undefined) return `${name} is as it was. The traffic is in ${log}`;
    const lines = written.script.trimEnd().split("\n").length;
    const failed = shell.failures - failuresBefore;
    const left = failed === 0 ? "" : `, ${failed} failed ${failed === 1 ? "line" : "lines"} left out`;
    const used = this.#mockable(plan).filter((link) =>
      inputs.some(({ source }) =>
        new RegExp(`(?<![\\p{ID_Continue}$.])${RegExp.escape(link)}(?![\\p{ID_Continue}$])`, "u").test(source)
      )
    );
    const mocks = used.map((each) => `--mock ${each}=${log} `).join("");
    const offline = mocks === "" || isCut ? "" : `   Offline: parley run ${mocks}${name}`;
    const cut = isCut ? ` ${log} ends early.` : "";
    const typed = written.isMasked ? `\n${TYPED_OUT}` : "";
    const counted = `${lines} ${lines === 1 ? "line" : "lines"}`;
    return `${name}  ${counted}${left}.${cut} Run: parley run ${name}${offline}${typed}`;
  }

  /** The variables of the links that a recording can stand in for. */
  #mockable({ links }: RecordingPlan): string[] {
    const { book } = this.#shell;
    const recorded = links.length > 0 ? links : book.links;
    const names = recorded.filter((link) => link instanceof Client).map((link) => book.nameOf(link));
    return [...new Set(names)].filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  }
}
