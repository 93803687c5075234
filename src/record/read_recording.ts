import { diskFailure } from "../files/disk_failure.ts";
import type { ParleyError } from "../errors.ts";
import { escapeText } from "../show/escape.ts";
import { RecordingParser } from "./parse_recording.ts";
import type { Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";

/**
 * Reads a recording that `record` or the console's `.record` made. One that was cut in its last line, as by a crash,
 * is read up to there, and `problem` says so.
 *
 * @throws {RecordingError} `no_such_path`, `not_a_file`, `permission`, `io`; `empty`; `not_a_recording`;
 * `newer_version`; `damaged`, with the line; `too_large`: more than 256 MiB, since it is held in memory whole.
 *
 * @example
 * ```ts
 * import { connect, listen, readRecording, record } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: "lines",
 *   onReceive: (line, peer) => peer.send(line.toUpperCase()),
 * });
 * await using client = await connect(server.address, { dialect: "lines" });
 * const recorder = await record(path, { client }, { overwrite: true });
 * await client.ask("hello");
 * await recorder.close();
 *
 * const { links } = await readRecording(path);
 * assert.equal(links[0].name, "client");
 * await Deno.remove(path);
 * ```
 */
export async function readRecording(path: string): Promise<Recording> {
  const parser = new RecordingParser(escapeText(path));
  try {
    await using file = await openFile(path);
    await readLines(file.handle, path, parser);
  } catch (thrown) {
    if (thrown instanceof RecordingError) throw thrown;
    const { code, message } = diskFailure(`Cannot read the recording ${escapeText(path)}`, thrown);
    throw new RecordingError(code, message);
  }
  return parser.end();
}

async function openFile(path: string): Promise<{ handle: Deno.FsFile } & AsyncDisposable> {
  const handle = await Deno.open(path);
  const close = () => Promise.resolve(handle.close());
  try {
    const { isDirectory, size } = await handle.stat();
    if (isDirectory) {
      throw new RecordingError("not_a_file", `Cannot read ${escapeText(path)}: it is a directory`);
    }
    if (size > MAX_RECORDING_BYTES) throw tooLarge(path, size);
    return { handle, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readLines(file: Deno.FsFile, path: string, parser: RecordingParser): Promise<void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK_BYTES);
  const rest: string[] = [];
  let total = 0;
  for (;;) {
    const count = await file.read(chunk);
    if (count === null) break;
    total += count;
    if (total > MAX_RECORDING_BYTES) throw tooLarge(path, total);
    const lines = decoder.decode(chunk.subarray(0, count), { stream: true }).split("\n");
    if (lines.length === 1) {
      rest.push(lines[0]);
      continue;
    }
    parser.push(withoutReturn(rest.join("") + lines[0]));
    rest.length = 0;
    for (const line of lines.slice(1, -1)) parser.push(withoutReturn(line));
    rest.push(lines.at(-1)!);
  }
  const last = rest.join("") + decoder.decode();
  if (last.trim() !== "") parser.pushLast(last);
}

/** An editor may have made CR LF of the ends. */
function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function tooLarge(path: string, size: number): ParleyError {
  return new RecordingError(
    "too_large",
    `Cannot read ${
      escapeText(path)
    }: it has ${size} bytes, more than the ${MAX_RECORDING_BYTES} that are held in ` +
      "memory; cut what is wanted out of it, its first line included",
  );
}

const CHUNK_BYTES = 64 * 1024;
/** The largest recording that is read, in bytes. It is held in memory whole, some times over. */
const MAX_RECORDING_BYTES = 256 * 1024 * 1024;
