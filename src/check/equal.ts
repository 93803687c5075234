import { equal as stdEqual } from "@std/assert/equal";

/** Deep equality, as `assertEquals` of Deno's std has it; the package carries no types. */
export const equal: (actual: unknown, expected: unknown) => boolean = stdEqual;
