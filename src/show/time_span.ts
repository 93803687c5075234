/**
 * Spans of time as people read them: one function for each place that has its own room and its own need of digits.
 *
 * @module
 */

/** How long an answer took: `0.4 ms`, `41 ms`, `2,114 ms`. */
export function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en-US")} ms`;
}

/** The same in six columns or so: `0.4 ms`, `41 ms`, `2.1 s`, `15 min`. */
export function shortSpan(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** How long a wait is, or was: `318 ms`, `2.5 s`. A clock that was set back is no reason for a sign. */
export function waitSpan(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** How long work takes: `0.3 s`, `12 s`, `4 min 5 s`, `2 h 10 min`. */
export function showSpan(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long something has been there, in whole units: `12 s`, `5 min`, `2 h 10 min`. */
export function showAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
