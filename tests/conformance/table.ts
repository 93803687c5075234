import type { Case, CaseFile, Step } from "./case.ts";
import acknowledged from "./table/acknowledged.json" with { type: "json" };
import acks from "./table/acks.json" with { type: "json" };
import answers from "./table/answers.json" with { type: "json" };
import cancel from "./table/cancel.json" with { type: "json" };
import frames from "./table/frames.json" with { type: "json" };
import goodbye from "./table/goodbye.json" with { type: "json" };
import greetingClient from "./table/greeting_client.json" with { type: "json" };
import greetingServer from "./table/greeting_server.json" with { type: "json" };
import heartbeat from "./table/heartbeat.json" with { type: "json" };
import messages from "./table/messages.json" with { type: "json" };
import names from "./table/names.json" with { type: "json" };
import numbering from "./table/numbering.json" with { type: "json" };
import payloads from "./table/payloads.json" with { type: "json" };
import preludes from "./table/preludes.json" with { type: "json" };
import requests from "./table/requests.json" with { type: "json" };
import resumeClient from "./table/resume_client.json" with { type: "json" };
import resumeServer from "./table/resume_server.json" with { type: "json" };
import streams from "./table/streams.json" with { type: "json" };

/** The files of the table, in the order in which an implementation grows. */
export const FILES: readonly string[] = Object.freeze([
  "greeting_server",
  "greeting_client",
  "frames",
  "payloads",
  "names",
  "messages",
  "requests",
  "answers",
  "acknowledged",
  "cancel",
  "streams",
  "heartbeat",
  "goodbye",
  "numbering",
  "acks",
  "resume_server",
  "resume_client",
]);

/** The cases of one file for one role each, with the steps that come first put in front of their own. */
export function casesOf(file: string): Case[] {
  return TABLE[file].cases.flatMap(eachRole).map((one) => {
    if (one.begin === undefined) return one;
    const first = PRELUDES[`${one.role} ${one.begin}`];
    if (first === undefined) throw new Error(`Case "${one.name}" begins with an unknown "${one.begin}"`);
    return { ...one, steps: [...first, ...one.steps] };
  });
}

function eachRole(one: Case): Case[] {
  return one.role === "both" ? [{ ...one, role: "server" }, { ...one, role: "client" }] : [one];
}

// JSON has no types of its own: `table_test.ts` checks that it is what it is taken for.
const PRELUDES = preludes as unknown as Readonly<Record<string, readonly Step[]>>;
const TABLE = {
  greeting_server: greetingServer,
  greeting_client: greetingClient,
  frames,
  payloads,
  names,
  messages,
  requests,
  answers,
  acknowledged,
  cancel,
  streams,
  heartbeat,
  goodbye,
  numbering,
  acks,
  resume_server: resumeServer,
  resume_client: resumeClient,
} as unknown as Readonly<Record<string, CaseFile>>;
