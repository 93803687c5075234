/**
 * What the value of a dialect's option has to be: one of a list, or what a test says, with the words for what is wanted,
 * as in `a text of at least one character`.
 */
export type OptionCheck =
  | readonly unknown[]
  | {
    /** What is wanted, as the end of the sentence "… is wanted". */
    readonly wanted: string;
    /** True when the value is right; `undefined` is never asked about. */
    test(value: unknown): boolean;
  };
