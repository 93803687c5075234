/** A bug that is put into a copy of the library, to see that the simulation finds it. */
export interface PlantedBug {
  /** Short, for `--only`. */
  readonly name: string;
  /** The file, from the root of the repository. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
}

/** The text of a file with the bug in it. @throws {RangeError} what is to be replaced does not stand there once. */
export function plant(bug: PlantedBug, text: string): string {
  const parts = text.split(bug.find);
  if (parts.length !== 2) {
    const times = parts.length - 1;
    throw new RangeError(
      `Cannot plant "${bug.name}": ${bug.file} has the text to replace ${times} times: ${bug.find}`,
    );
  }
  return parts.join(bug.replace);
}
