import assert from "node:assert/strict";
import type { LeadsOptions } from "../../src/dialect/leads/leads.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { feedSingly, fromHex, toHex } from "./conversation.ts";
import { AT_ONCE, heard, leadsSession } from "./leads_session.ts";
import { type Delivered, recording, type Scenario, sentBy } from "./wire/recording.ts";

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What is to be delivered, where the original delivers something else. */
const RIGHT: ReadonlyMap<string, readonly string[]> = new Map([
  ["partial_trailing_message", ["78".repeat(300), "79".repeat(400), toHex(utf8("after"))]],
  ["multi_byte_separator", [toHex(utf8("one")), toHex(utf8("two"))]],
]);

function messagesOf(delivered: readonly Delivered[] = []): string[] {
  return delivered.filter(({ event }) => event === "receive").map(({ hex }) => hex);
}

function optionsOf({ raw }: Scenario): LeadsOptions {
  return raw.separator_hex === undefined ? AT_ONCE : { ...AT_ONCE, separator: fromHex(raw.separator_hex) };
}

/** Both ends of every connection: what it gets, and what its own original has told its application. */
function ends({ delivered, transcript, name, isBug }: Scenario) {
  const count = Math.max(...transcript.map(({ conn }) => conn));
  return Array.from({ length: count }, (_, at) => at + 1).flatMap((conn) => [
    {
      conn,
      role: "server" as const,
      from: "c2s" as const,
      gets: isBug ? RIGHT.get(name)! : messagesOf(delivered.server),
    },
    {
      conn,
      role: "client" as const,
      from: "s2c" as const,
      gets: messagesOf(delivered[count === 1 ? "client" : `client${conn}`]),
    },
  ]);
}

for (const recorded of recording("leads").scenarios) {
  Deno.test(`leads hears the recording ${recorded.name} as the original, at both ends`, () => {
    for (const { role, from, conn, gets } of ends(recorded)) {
      const bytes = sentBy(recorded, from, conn);
      const wanted = [...gets.map((hex) => `message ${hex}`), "goodbye disconnect leave"];
      const random = new SeededRandom(7);
      const ways: ((session: Session) => SessionEvent[])[] = [
        (session) => session.receive(bytes, 0),
        (session) => feedSingly(session, bytes),
        ...Array.from({ length: 20 }, () => (session: Session) => {
          const events: SessionEvent[] = [];
          for (let at = 0; at < bytes.length;) {
            const size = 1 + random.below(Math.min(bytes.length - at, 700));
            events.push(...session.receive(bytes.slice(at, at + size), 0));
            at += size;
          }
          return events;
        }),
      ];
      for (const way of ways) {
        const listener = leadsSession(role, optionsOf(recorded), { payload: "bytes" });
        const events = way(listener).map((event) =>
          event.kind === "message" ? { ...event, value: toHex(event.value as Uint8Array) } : event
        );
        assert.deepEqual(heard(events), wanted, `${recorded.name}, ${role}`);
        assert.deepEqual(heard(listener.receiveEnd(0)), []);
        listener.close("bye", "");
        listener.close("bye", "");
        const { separator = ";" } = optionsOf(recorded);
        const mark = typeof separator === "string" ? utf8(separator) : separator;
        assert.equal(toHex(listener.takeOutput()), toHex(utf8("disconnect")) + toHex(mark));
      }
    }
  });

  Deno.test(`leads writes the recording ${recorded.name} byte for byte, at both ends`, () => {
    if (recorded.name === "after_disconnect") return; // written past the original's encoder
    for (const { role, from, conn, gets } of ends(recorded)) {
      const speaker = leadsSession(role === "server" ? "client" : "server", optionsOf(recorded));
      for (const hex of gets) speaker.send(fromHex(hex));
      speaker.close("bye", "");
      const written = toHex(sentBy(recorded, from, conn));
      // The original says it again when it closes after `disconnect()`.
      const twice = toHex(utf8("disconnect;"));
      const wanted = recorded.name === "disconnect_request" && from === "c2s"
        ? written.replace(twice, "")
        : written;
      assert.equal(toHex(speaker.takeOutput()), wanted, `${recorded.name}, ${from}`);
    }
  });
}
