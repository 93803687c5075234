/**
 * Why a pickle is not read. Only thrown inside of the reader, and no `Error`: the trace of the calls would cost more
 * than the pickle, and a peer can send many that are bad.
 */
export class PickleRefusal {
  /** `unsafe_pickle`: it names code; `bad_pickle`: it is broken, or larger than is read. */
  readonly code: "unsafe_pickle" | "bad_pickle";
  /** What people read, as a sentence without its end. */
  readonly message: string;

  constructor(code: PickleRefusal["code"], message: string) {
    this.code = code;
    this.message = message;
  }
}

/** The pickle is broken, or larger than is read. */
export function badPickle(reason: string): PickleRefusal {
  return new PickleRefusal("bad_pickle", `Cannot read a pickle: ${reason}`);
}

/** The pickle wants code to be run, which never happens. */
export function unsafePickle(what: string): PickleRefusal {
  return new PickleRefusal("unsafe_pickle", `Pickle ${what}, and only plain data is made of a pickle`);
}

/** A name out of a pickle as messages show it: cut off, and without characters that do something to a terminal. */
export function shownName(name: string): string {
  const cut = name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
  return JSON.stringify(cut.toWellFormed().replace(/[^\x20-\x7e…]/g, "?"));
}

const MAX_SHOWN_CHARS = 60;
