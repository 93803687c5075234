/**
 * Requests on the wire of clever-show by hand: JSON.parse and JSON.stringify, no ids to draw, no errors, no limits.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { rawConnect, rawListen } from "./raw_listen.ts";
import { RawOutput } from "./raw_output.ts";

export function serve(): Promise<{ address: string }> {
  return Promise.resolve(rawListen((connection) => {
    const output = new RawOutput(connection);
    readShow(connection, (_header, { requested_value, request_id, args }) => {
      append(output, "response", { requested_value, request_id }, { value: args[0] });
    }, () => output.flush());
  }));
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const connection = await rawConnect(address);
  const output = new RawOutput(connection);
  const waiting = new Map<string, (value: unknown) => void>();
  const meter = new Meter(work);
  const value = "x".repeat(work.messageBytes);
  let reading = false;
  const request = (id: string) =>
    new Promise<unknown>((resolve) => {
      waiting.set(id, resolve);
      append(output, "request", {}, { requested_value: "echo", request_id: id, args: [value], kwargs: {} });
      if (!reading) output.flush();
    });
  readShow(connection, (header, content) => {
    reading = true;
    waiting.get(header.request_id)!(content.value);
    waiting.delete(header.request_id);
  }, () => {
    reading = false;
    queueMicrotask(() => output.flush());
  });
  for (let i = 0; i < work.inFlight; i++) {
    const id = String(i).padStart(4, "0");
    (async () => {
      for (;;) {
        await request(id);
        meter.count++;
      }
    })();
  }
  meter.start();
  return await meter.measured;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function append(output: RawOutput, type: string, more: object, content: unknown): void {
  const body = encoder.encode(JSON.stringify(content));
  const header = encoder.encode(JSON.stringify({
    "byteorder": "little",
    "content-type": "json",
    "content-encoding": "utf-8",
    "content-length": body.length,
    "message-type": type,
    ...more,
  }));
  output.reserve(2);
  output.view.setUint16(output.length, header.length);
  output.length += 2;
  output.append(header);
  output.append(body);
}

async function readShow(
  connection: Deno.Conn,
  // deno-lint-ignore no-explicit-any -- JSON of the other side
  onMessage: (header: any, content: any) => void,
  afterRead: () => void,
): Promise<void> {
  const bytes = new Uint8Array(1024 * 1024);
  let end = 0;
  for (;;) {
    const count = await connection.read(bytes.subarray(end));
    if (count === null) return;
    end += count;
    let at = 0;
    for (;;) {
      if (end - at < 2) break;
      const body = at + 2 + (bytes[at] << 8 | bytes[at + 1]);
      if (end < body) break;
      const header = JSON.parse(decoder.decode(bytes.subarray(at + 2, body)));
      if (end < body + header["content-length"]) break;
      at = body + header["content-length"];
      onMessage(header, JSON.parse(decoder.decode(bytes.subarray(body, at))));
    }
    bytes.copyWithin(0, at, end);
    end -= at;
    afterRead();
  }
}
