/** A check that throws has failed. */
export class CheckError extends Error {
  /** Always `"AssertionError"`: what test runners know, and the exit code 6 of `parley`. */
  override readonly name = "AssertionError";
  /** The value that was checked. */
  readonly actual: unknown;

  /** `text` says what is wrong: `5.2 is not within 0.05 of 5`. */
  constructor(text: string, actual: unknown) {
    super(text);
    this.actual = actual;
  }
}
