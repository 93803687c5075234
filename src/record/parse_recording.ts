import { clip, quoteText } from "../show/escape.ts";
import { maskedPlaces } from "./masked_places.ts";
import { OpenLink } from "./open_link.ts";
import { bytesOf, type Line, saidOf, wrongSaid } from "./recorded_content.ts";
import type { Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";
import { RECORDING_FORMAT, RECORDING_VERSION } from "./recording_line.ts";

/**
 * Reads a recording line by line. What it does not know is passed over, so that newer writers may add to the format;
 * a change that must not be passed over has another version.
 */
export class RecordingParser {
  readonly #path: string;
  readonly #links = new Map<string, OpenLink>();
  #started: Date | undefined;
  #lines = 0;
  #problem: string | undefined;

  /** @param path What errors call the recording. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The next line, without its line feed.
   *
   * @throws {RecordingError} `not_a_recording`, `newer_version`; `damaged`: a line that does not make sense.
   */
  push(text: string): void {
    const number = this.#lines + 1;
    if (number > 1 && text.trim() === "") { // an editor's
      this.#lines = number;
      return;
    }
    const content = this.#json(text);
    if (number === 1) this.#header(content);
    else if (content === undefined) throw this.#damaged(number, "it is no JSON object");
    else this.#content(content, number);
    this.#lines = number;
  }

  /** The last line, which has no line feed behind it: it is cut, unless it makes sense all the same. */
  pushLast(text: string): void {
    if (this.#lines === 0 || this.#json(text) !== undefined) return this.push(text);
    const number = this.#lines + 1;
    this.#problem = `${this.#path} is cut in its line ${number}: what is before it is used`;
  }

  /** @throws {RecordingError} `empty`. */
  end(): Recording {
    if (this.#started === undefined) {
      throw new RecordingError(
        "empty",
        `Cannot read ${this.#path}: the file is empty, nothing was recorded; record again`,
      );
    }
    const links = [...this.#links.values()].map(({ name, facts, connections }) => ({
      name,
      ...facts,
      connections: connections.filter((each) => each.entries.length > 0 || each.isUp),
    }));
    return {
      path: this.#path,
      started: this.#started,
      links,
      lines: this.#lines,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  #json(text: string): Line | undefined {
    try {
      const content = JSON.parse(text);
      return typeof content === "object" && content !== null && !Array.isArray(content) ? content : undefined;
    } catch {
      return undefined;
    }
  }

  #header(content: Line | undefined): void {
    if (content?.format !== RECORDING_FORMAT || !Number.isInteger(content.version)) {
      throw new RecordingError(
        "not_a_recording",
        `Cannot read ${this.#path}: it is no recording, its first line is not {"format":"${RECORDING_FORMAT}",…}; ` +
          ".record or record() makes one",
      );
    }
    if (content.version as number > RECORDING_VERSION) {
      throw new RecordingError(
        "newer_version",
        `Cannot read ${this.#path}: it has version ${content.version} of the format, and this Parley reads up to ` +
          `${RECORDING_VERSION}; use the newer Parley that wrote it`,
      );
    }
    const started = new Date(String(content.started));
    if (Number.isNaN(started.getTime())) throw this.#damaged(1, `its "started" is no time`);
    this.#started = started;
  }

  #content(content: Line, number: number): void {
    if (typeof content.link !== "string") {
      if (content.event !== undefined) return; // of the recording as a whole
      throw this.#damaged(number, `"link" is missing`);
    }
    if (content.event === "link") return this.#link(content, number);
    const link = this.#links.get(content.link);
    if (link === undefined) {
      throw this.#damaged(number, `nothing before tells of the link ${shown(content.link)}`);
    }
    const ms = content.ms;
    if (typeof ms !== "number") throw this.#damaged(number, `"ms" is no number`);
    const peer = typeof content.peer === "string" ? content.peer : undefined;
    switch (content.event) {
      case "name":
        return this.#rename(link, content, number);
      case "up":
        return link.up(peer, ms);
      case "down":
        return link.down(peer, { ms, byUs: content.byUs === true, reason: String(content.reason ?? "") });
      case undefined:
        break;
      default:
        return;
    }
    const { direction } = content;
    if (direction !== "in" && direction !== "out") {
      throw this.#damaged(number, `"direction" is not in or out`);
    }
    if (content.said !== undefined) {
      const wrong = wrongSaid(content);
      if (wrong === undefined) return link.add(peer, saidOf(content, ms, direction, number));
      if (wrong === "unknown") return; // a newer writer knows what it is
      throw this.#damaged(number, wrong);
    }
    const bytes = bytesOf(content);
    if (bytes === undefined) throw this.#damaged(number, `it has neither "text" nor "base64"`);
    const masked = maskedPlaces(content.masked, bytes.length);
    if (masked === undefined) throw this.#damaged(number, `"masked" is not where secrets stand`);
    link.add(peer, {
      kind: "bytes",
      ms,
      direction,
      bytes,
      line: number,
      ...(masked.length > 0 && { masked }),
    });
  }

  #link({ link: name, address, role, dialect, settings }: Line, number: number): void {
    if (typeof name !== "string" || typeof address !== "string" || typeof dialect !== "string") {
      throw this.#damaged(number, "a link needs its name, address and dialect");
    }
    if (role !== "client" && role !== "server") throw this.#damaged(number, `"role" is not client or server`);
    const known = this.#links.get(name);
    if (known !== undefined) return known.endAll(); // the same variable, and another link
    const isSet = typeof settings === "object" && settings !== null;
    this.#links.set(name, new OpenLink(name, { address, role, dialect, ...(isSet && { settings }) }));
  }

  /** From here on the lines have the new name. One that was there is another link that the variable held before. */
  #rename(link: OpenLink, { link: before, name }: Line, number: number): void {
    if (typeof name !== "string") throw this.#damaged(number, `"name" is no text`);
    const known = this.#links.get(name);
    this.#links.delete(before as string);
    if (known === undefined) {
      link.name = name;
      this.#links.set(name, link);
    } else {
      known.endAll();
      known.connections.push(...link.connections);
      known.takeOpen(link);
    }
  }

  #damaged(number: number, why: string): RecordingError {
    return new RecordingError(
      "damaged",
      `Cannot read ${this.#path}: its line ${number} is damaged, ${why}; ` +
        (number === 1 ? "record again" : `the ${number - 1} lines before it can be used: cut the rest off`),
    );
  }
}

function shown(name: string): string {
  return quoteText(clip(name, 60));
}
