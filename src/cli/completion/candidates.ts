/** One word that could stand there. */
export interface Candidate {
  readonly value: string;
  /** A few words about it, for shells that show some. */
  readonly about?: string;
}

/** What could stand in a place of the command line. */
export interface Candidates {
  readonly values: readonly Candidate[];
  /** The shell is to offer its file names when no value fits. Default false. */
  readonly isFile?: boolean;
  /** No blank behind the word: more of it is to come. Default false. */
  readonly isOpen?: boolean;
}

/** Nothing could. */
export const NOTHING: Candidates = Object.freeze({ values: [] });

/** Files of the shell. */
export const FILES: Candidates = Object.freeze({ values: [], isFile: true });

/** These words. */
export function words(...values: readonly string[]): Candidates {
  return { values: values.map((value) => ({ value })) };
}

/**
 * Those that begin with what was typed. A word that a shell would take for more than a word is left out: it may be the
 * name of a device that somebody has plugged in.
 */
export function beginning(typed: string, { values, ...rest }: Candidates): Candidates {
  const fits = ({ value }: Candidate) =>
    value.toLowerCase().startsWith(typed.toLowerCase()) && harmless.test(value);
  // What was typed stays as it is: devices are found whatever the case.
  return {
    ...rest,
    values: values.filter(fits).map((each) => ({ ...each, value: typed + each.value.slice(typed.length) })),
  };
}

const harmless = /^[\w@%+=:,./-]+$/;
