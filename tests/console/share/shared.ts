import { Pty } from "../../pty.ts";
import { consoleAt, type Ended, endOf, parley } from "../program.ts";

/** A folder that shared consoles of one test are found in, and what runs there. */
export class SharePlace implements AsyncDisposable {
  readonly folder: string;
  readonly #ptys: Pty[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<SharePlace> {
    return new SharePlace(await Deno.makeTempDir({ prefix: "share" }));
  }

  get env(): Record<string, string> {
    return { XDG_RUNTIME_DIR: this.folder, PARLEY_HISTORY: "", NO_COLOR: "1", INIT_CWD: Deno.cwd() };
  }

  /** A console at a terminal that is shared under this name. */
  async host(name = "bench"): Promise<Pty> {
    const pty = await consoleAt({ env: this.env, columns: 160 });
    this.#ptys.push(pty);
    pty.type(`.share ${name}\r`);
    await pty.waitFor(`Shared as ${name}: parley attach ${name}`);
    return pty;
  }

  /** Another terminal that has attached. */
  async attached(name = "bench", env: Record<string, string> = {}): Promise<Pty> {
    const pty = Pty.run(parley("attach", name), { columns: 160, rows: 40, env: { ...this.env, ...env } });
    this.#ptys.push(pty);
    await pty.waitFor(/^\w+> $/m);
    return pty;
  }

  /** Runs the program with this input to its end. */
  async run(args: string[], input = ""): Promise<Ended> {
    const [command, ...rest] = parley(...args);
    const options = { args: rest, env: this.env, stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return await endOf(new Deno.Command(command, options).spawn(), input);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#ptys.map((pty) => pty.close()));
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Types a line, sends it, and waits for what it shows. */
export async function enter(pty: Pty, line: string, shows: string | RegExp): Promise<void> {
  pty.type(`${line}\r`);
  await pty.waitFor(shows);
}
