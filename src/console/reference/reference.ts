/**
 * What Parley's own doc comments say, by name, for help and completion at the prompt.
 *
 * The text is not written twice: `scripts/reference/` takes it out of the doc comments, and `deno task check` fails when
 * it is not the same any more. It is data and not read at the moment of asking, because a published package has no
 * sources at hand, an installed program may not run `deno doc`, and Tab has to answer within 100 ms.
 *
 * @module
 */

/** One parameter of a function. */
export interface ParameterEntry {
  readonly name: string;
  readonly doc?: string;
  /** The interfaces whose members an object may have that is given here. */
  readonly options?: readonly string[];
  /** The texts that may be given here, where the type names them. */
  readonly values?: readonly string[];
}

/** One way to call a function. */
export interface CallEntry {
  /** As it is declared: `send(message: unknown, options?: SendOptions): Promise<void>`. */
  readonly text: string;
  readonly parameters?: readonly ParameterEntry[];
}

/** A member of a class or an interface. */
export interface MemberEntry {
  /** The first paragraph of its doc comment, on one line. */
  readonly doc?: string;
  readonly example?: string;
  /** How it can be called, for methods. */
  readonly calls?: readonly CallEntry[];
  /** The type of what is no method. */
  readonly type?: string;
  /** As with parameters. */
  readonly options?: readonly string[];
  readonly values?: readonly string[];
}

/** One name that `mod.ts` exports. */
export interface Entry extends MemberEntry {
  readonly kind: "function" | "class" | "interface" | "type" | "value";
  /** What it has all members of, too. */
  readonly extends?: readonly string[];
  readonly members?: Readonly<Record<string, MemberEntry>>;
}

/** Every name that `mod.ts` exports. */
export type Entries = Readonly<Record<string, Entry>>;

/** Reads what {@linkcode Entries} hold. */
export class Reference {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Reads the file, at the first question and not at the start of the console. */
  static async load(): Promise<Reference> {
    const { default: entries } = await import("./entries.json", { with: { type: "json" } });
    return new Reference(entries as Entries);
  }

  /** All names. */
  get names(): readonly string[] {
    return Object.keys(this.#entries);
  }

  /** What is said of a name. */
  entry(name: string): Entry | undefined {
    return Object.hasOwn(this.#entries, name) ? this.#entries[name] : undefined;
  }

  /** A class or an interface, and what it extends, the nearest first. */
  lineage(name: string): ReadonlySet<string> {
    const found = new Set([name]);
    // A set is walked through to its end, what is added meanwhile included.
    for (const each of found) for (const parent of this.entry(each)?.extends ?? []) found.add(parent);
    return found;
  }

  /** The members of a class or an interface, its own first, then those of what it extends. */
  members(name: string): ReadonlyMap<string, MemberEntry> {
    const found = new Map<string, MemberEntry>();
    for (const owner of this.lineage(name)) {
      for (const [key, member] of Object.entries(this.entry(owner)?.members ?? {})) {
        if (!found.has(key)) found.set(key, member);
      }
    }
    return found;
  }
}
