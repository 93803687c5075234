import { UsageTypeError } from "../errors.ts";
import { suggestionOrAll } from "../suggestion.ts";

/** @throws {UsageTypeError} `options` has something that is not one of `names`. */
export function checkNames(where: string, options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const near = suggestionOrAll(name, names);
    throw new UsageTypeError(`Unknown option "${name}" of ${where}${near}`);
  }
}
