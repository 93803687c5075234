/**
 * What one JSON text may hold, in both directions.
 *
 * @module
 */

/**
 * Deepest nesting of lists and objects in args, in kwargs and in an answer, each of them counted: deep enough for real
 * data, far from the end of the call stack.
 */
export const MAX_DEPTH = 33;
/** A member of this name is how other programs are tricked into changing what all objects have: refused both ways. */
export const FORBIDDEN_KEY = "__proto__";
