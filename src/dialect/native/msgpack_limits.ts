/**
 * What one msgpack value may hold. Both directions keep to it: whatever one side packs, the other side takes.
 *
 * @module
 */

/** Deepest nesting of arrays and maps: deep enough for real data, far from the end of the call stack. */
export const MAX_DEPTH = 32;
/** Most elements of one array, most entries of one map. */
export const MAX_ELEMENTS = 65_536;
/** Most values in one message, containers included and map keys not. */
export const MAX_NODES = 100_000;
/** The first and last whole second that a `Date` can hold, counted from 1970: 100 million days. */
export const MAX_DATE_SECONDS = 8_640_000_000_000;
/** The only extension: a timestamp of 4, 8 or 12 bytes. */
export const TIMESTAMP = -1;
