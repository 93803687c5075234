/**
 * NMEA 0183, the language of satellite receivers and of ships: sentences such as `$GPGGA,123519,4807.038,N,…*47`, which
 * become objects. What is damaged on the way is told of and left out. The receiver here is a simulated one, on a virtual
 * serial line.
 *
 *     deno run -A examples/nmea.ts
 *
 * With a real one it is `serial("/dev/ttyACM0", { baudRate: 4800, dialect: nmea })`.
 *
 * @module
 */
import { checksum, defineDialect, lines, ProtocolError, serial, UsageTypeError, xor } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";

// ---- the dialect

/** One sentence: who talks (`GP`, `GN`, …; `P` for makers), of what (`GGA`, `RMC`, …), and what is said. */
export interface Sentence {
  readonly talker: string;
  readonly type: string;
  readonly fields: readonly string[];
}

/** NMEA 0183: every sentence is a message. The codec takes care of line ends and checksums. */
export const nmea = defineDialect<string>({
  name: "nmea",
  correlation: "none",
  open: () => ({
    codec: checksum(lines({ newline: "\r\n", maxFrameBytes: MAX_BYTES }), xor, { mark: "*", from: 1 }),
    read: (line) => ({ kind: "message", value: parse(line) }),
    write(message) {
      if (message.kind === "message" && isSentence(message.value)) return format(message.value);
      throw new UsageTypeError('Cannot send this in the dialect "nmea": it carries { talker, type, fields }');
    },
  }),
});

/** The standard says 82; makers say more. Without a limit a wrong baud rate would be one long line. */
const MAX_BYTES = 1024;
const FIELD = /^[ -~]*$/;

function parse(line: string): Sentence {
  const [, talker, type, fields] = /^[$!](P|[A-Z]{2})([A-Z\d]+)(?:,(.*))?$/.exec(line) ?? [];
  if (type !== undefined) return { talker, type, fields: fields?.split(",") ?? [] };
  throw new ProtocolError("bad_sentence", `No sentence: ${JSON.stringify(line)}`, { fatal: false });
}

function format({ talker, type, fields }: Sentence): string {
  return `$${[talker + type, ...fields].join(",")}`;
}

function isSentence(value: unknown): value is Sentence {
  const { talker, type, fields } = (value ?? {}) as Partial<Sentence>;
  const isHeadGood = /^(P|[A-Z]{2})$/.test(talker ?? "") && /^[A-Z\d]+$/.test(type ?? "");
  return isHeadGood && Array.isArray(fields) &&
    fields.every((field) => FIELD.test(field) && !/[$!*,]/.test(field));
}

// ---- how it is used

/** `4807.038` and `N`, degrees and minutes, as degrees: 48.1173. */
export function degrees(text: string, side: string): number {
  const point = text.indexOf(".") === -1 ? text.length : text.indexOf(".");
  const size = Number(text.slice(0, point - 2)) + Number(text.slice(point - 2)) / 60;
  return side === "S" || side === "W" ? -size : size;
}

/** Listens to a receiver that does not exist until it has said where it is, and returns what was seen. */
export async function main(): Promise<string[]> {
  const seen: string[] = [];
  const found = Promise.withResolvers<void>();
  await using pair = virtualSerialPair();
  await using _line = await serial(pair.b.path, {
    baudRate: 4800,
    dialect: nmea,
    onReceive({ talker, type, fields }: Sentence) {
      if (type !== "GGA") return seen.push(`${talker} says ${type}`);
      const [, latitude, north, longitude, east] = fields;
      seen.push(`at ${degrees(latitude, north).toFixed(4)}, ${degrees(longitude, east).toFixed(4)}`);
      found.resolve();
    },
    onFail: (error) => seen.push((error as ProtocolError).code),
  });
  await using receiver = await serial(pair.a.path, { dialect: "lines", newline: "\r\n" });
  for (const sentence of RECEIVED) await receiver.send(sentence);
  await found.promise;
  return seen;
}

/** What the receiver says: the second sentence is damaged. */
const RECEIVED = [
  "$GPGSV,1,1,01,07,43,214,42*49",
  "$GPGGA,123519,4807.038,N,01131.000,X,1,08,0.9,545.4,M,46.9,M,,*47",
  "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47",
];

// deno-lint-ignore no-console
if (import.meta.main) { for (const line of await main()) console.log(line); }
