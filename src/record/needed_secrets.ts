import type { Direction } from "../peer/traffic.ts";
import { escapeText } from "../show/escape.ts";
import { knownSecret } from "../secret/known_secrets.ts";
import type { RecordedConnection, Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";
import { secretsIn } from "./said_secrets.ts";

/** The names of the secrets that are masked in the bytes of a side. */
export function secretsOfBytes(connections: readonly RecordedConnection[], side: Direction): Set<string> {
  const entries = connections.flatMap((each) => each.entries);
  return new Set(
    entries.flatMap((entry) => {
      const { masked = [] } = entry.kind === "bytes" && entry.direction === side ? entry : {};
      return masked.map(({ secret }) => secret);
    }),
  );
}

/** The names of the secrets that are masked in what was said, by one side or by both. */
export function secretsOfSaid(connections: readonly RecordedConnection[], side?: Direction): Set<string> {
  const names = new Set<string>();
  for (const entry of connections.flatMap((each) => each.entries)) {
    if (entry.kind !== "said" || (side !== undefined && entry.traffic.direction !== side)) continue;
    for (const name of secretsIn(entry.traffic)) names.add(name);
  }
  return names;
}

/**
 * Refuses to say `*` to somebody who wants a secret.
 *
 * @throws {RecordingError} code `no_secret`.
 */
export function checkSecrets({ path }: Recording, link: string, names: Iterable<string>): void {
  for (const name of names) {
    if (knownSecret(name) !== undefined) continue;
    throw new RecordingError(
      "no_secret",
      `Cannot play ${escapeText(link)} of ${escapeText(path)}: it was recorded without the secret ${
        escapeText(name)
      }, which has to be said; read it before: await secret("${escapeText(name)}")`,
    );
  }
}
