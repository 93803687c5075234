import { escapeText } from "../show/escape.ts";
import { suggestion } from "../suggestion.ts";
import type { Direction } from "../peer/traffic.ts";
import { secretsOfBytes, secretsOfSaid } from "./needed_secrets.ts";
import type { RecordedConnection, RecordedLink, Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";

/** Which part of a recording is meant. */
export interface RecordingChoice {
  /** The name of the link in the recording; may be left out when there is only one. */
  link?: string;
  /** On the link of a server, the address of the peer in the recording; may be left out when there was only one. */
  peer?: string;
}

/** What of a recording is played. */
export interface RecordedPart {
  /** The link. */
  readonly link: RecordedLink;
  /** Its connections with the peer that is meant, in the order in which they began. */
  readonly connections: readonly RecordedConnection[];
  /**
   * True when the same conversation is made of the same bytes each time. Where it is not (`native`, `clever-show`), what
   * was said is played: by `replayLink` instead of `replay`.
   */
  readonly isExact: boolean;
  /** The names of the secrets that are masked in what was said (`out`) and in what has come. */
  readonly secrets: Readonly<Record<Direction, ReadonlySet<string>>>;
}

/**
 * Finds the part of a recording that is asked for, as `replay` and `player` do.
 *
 * @throws {RecordingError} `no_such_link`, which tells those there are; `nothing_recorded`.
 *
 * @example
 * ```ts
 * import { findRecorded, readRecording } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, `{"format":"parley-recording","version":1,"started":"2026-11-03T10:31:07Z"}
 * {"ms":0,"event":"link","link":"psu","role":"client","address":"tcp://10.0.0.5:5025","dialect":"lines"}
 * {"ms":1,"link":"psu","event":"up"}
 * {"ms":2,"link":"psu","direction":"out","text":"VOLT?\\n"}
 * `);
 * const { link, connections, isExact } = findRecorded(await readRecording(path), { link: "psu" });
 * assert.equal(link.address, "tcp://10.0.0.5:5025");
 * assert.equal(connections.length, 1);
 * assert.equal(isExact, true);
 * await Deno.remove(path);
 * ```
 */
export function findRecorded(recording: Recording, { link: name, peer }: RecordingChoice = {}): RecordedPart {
  const link = chooseLink(recording, name);
  const connections = chooseConnections(recording, link, peer);
  const isExact = !NEVER_TWICE.has(link.dialect);
  const secretsOf = (says: Direction) =>
    isExact ? secretsOfBytes(connections, says) : secretsOfSaid(connections, says);
  return { link, connections, isExact, secrets: { in: secretsOf("in"), out: secretsOf("out") } };
}

/**
 * The link of a recording that is asked for.
 *
 * @throws {RecordingError} `no_such_link`, which tells those there are; `nothing_recorded`.
 */
export function chooseLink(recording: Recording, name: string | undefined): RecordedLink {
  const { links, path } = recording;
  const names = links.map((link) => escapeText(link.name));
  if (links.length === 0) {
    throw new RecordingError(
      "nothing_recorded",
      `Cannot play ${escapeText(path)}: it has no link; record while one is open`,
    );
  }
  if (name === undefined) {
    if (links.length === 1) return links[0];
    const text = `Cannot play ${escapeText(path)}: it has ${links.length} links, ${
      names.join(", ")
    }; say which (--link)`;
    throw new RecordingError("no_such_link", text);
  }
  const link = links.find((each) => each.name === name);
  if (link !== undefined) return link;
  const near = suggestion(name, names) || `; it has ${names.join(", ")}`;
  throw new RecordingError(
    "no_such_link",
    `Cannot play ${escapeText(path)}: it has no link "${escapeText(name)}"${near}`,
  );
}

/**
 * The connections of one peer of a link, or of the link of a client.
 *
 * @throws {RecordingError} `no_such_link` there are several peers; `nothing_recorded` nothing has passed.
 */
export function chooseConnections(
  recording: Recording,
  link: RecordedLink,
  peer: string | undefined,
): readonly RecordedConnection[] {
  const path = escapeText(recording.path);
  // Somebody who came and said nothing is not played, unless it is a client that was lost at once.
  const connections = link.connections.filter((each) => each.peer === undefined || each.entries.length > 0);
  const peers = [...new Set(connections.map((each) => each.peer))];
  const found = peer === undefined ? connections : connections.filter((each) => each.peer === peer);
  if (found.length === 0) {
    const known = peers.filter((each) => each !== undefined).map((each) => escapeText(each)).join(", ");
    if (peer !== undefined && known !== "") {
      throw new RecordingError(
        "no_such_link",
        `Cannot play ${path}: ${link.name} has no peer ${escapeText(peer)}; it has ${known}`,
      );
    }
    const text = `Cannot play ${path}: nothing has passed on ${
      escapeText(link.name)
    }; record while it is open`;
    throw new RecordingError("nothing_recorded", text);
  }
  if (peer === undefined && peers.length > 1) {
    const list = peers.map((each) => escapeText(each ?? "")).join(", ");
    const text = `Cannot play ${path}: ${
      escapeText(link.name)
    } has ${peers.length} peers, ${list}; say which (--peer)`;
    throw new RecordingError("no_such_link", text);
  }
  return found;
}

/**
 * Refuses dialects whose bytes are never the same twice.
 *
 * @throws {RecordingError} code `by_meaning`.
 */
export function checkExact(recording: Recording, { name, dialect }: RecordedLink): void {
  if (!NEVER_TWICE.has(dialect)) return;
  throw new RecordingError(
    "by_meaning",
    `Cannot play ${escapeText(name)} of ${
      escapeText(recording.path)
    } byte by byte: ${dialect} makes new ids for every ` +
      "connection, so that its bytes are never the same twice; replayLink() and mockLink() play what was said",
  );
}

/**
 * Refuses what cannot be played by meaning either: a file has no value that was recorded.
 *
 * @throws {RecordingError} code `by_meaning`.
 */
export function checkPlayable(recording: Recording, { name, dialect, connections }: RecordedLink): void {
  if (!NEVER_TWICE.has(dialect)) return;
  for (const { entries } of connections) {
    for (const entry of entries) {
      if (entry.kind !== "said" || entry.traffic.kind !== "file") continue;
      throw new RecordingError(
        "by_meaning",
        `Cannot play ${escapeText(name)} of ${
          escapeText(recording.path)
        }: a file has passed in line ${entry.line}, and ` +
          `${dialect} is played by what was said, of which files are no part; record without it`,
      );
    }
  }
}

/** Dialects that put ids or tokens into their bytes which are chosen anew for every connection. */
const NEVER_TWICE: ReadonlySet<string> = new Set(["native", "clever-show"]);

/** True when `dialect` has to be compared by what is said, and not by bytes. */
export function isByMeaning(dialect: string): boolean {
  return NEVER_TWICE.has(dialect);
}
