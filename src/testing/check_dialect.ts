/**
 * The conformance kit for dialects: one call checks a dialect of your own against the whole contract.
 *
 * @module
 */
import { DIALECT_FAULT_RULES } from "./dialect_fault_rules.ts";
import { DIALECT_REQUEST_RULES } from "./dialect_request_rules.ts";
import { DIALECT_SAMPLE_RULES } from "./dialect_sample_rules.ts";
import { type DialectCheck, dialectSubject } from "./dialect_subject.ts";

export { DialectRuleError } from "./dialect_subject.ts";
export type { DialectCheck, DialectSample, RequestSample, SaidMessage } from "./dialect_subject.ts";

/**
 * Checks a dialect against the contract of {@linkcode Dialect}, and throws at the first rule that it breaks. A client
 * and a server session are put back to back, without input or output.
 *
 * | rule | what is wanted |
 * | --- | --- |
 * | `handshake` | both sides become ready, once, however the bytes are cut |
 * | `whole`, `byte by byte`, `random splits` | every sample arrives equal and in order; nothing shares memory with the chunks |
 * | `bytes on the wire` | samples with `bytes` are written as exactly these |
 * | `broadcast` | when the dialect is `uniform`: encoded once, the bytes are good for every conversation |
 * | `answers in any order`, `failures` | every answer and every error finds its request, whichever comes first |
 * | `late answers` | the answer to a request that was given up is dropped, and no other is taken for it |
 * | `deadlines` | a request fails at its time |
 * | `unsayable answer` | the answerer is told, and may answer again |
 * | `unsayable` | what cannot be said throws a `TypeError` or `RangeError` and leaves no byte |
 * | `cut off` | a stream that ends anywhere gives the messages before, and at most one fault |
 * | `frame limit` | a message above `maxFrameBytes` is refused by the sender, and by the receiver |
 * | `garbage` | wrong bytes give faults, never a throw, and mean the same however they are cut |
 *
 * Anything but a `ProtocolError` out of the dialect's reading breaks the rule `only ProtocolError`, wherever it
 * happens. It needs no test framework, and takes about a second for samples of a few KiB.
 *
 * @throws {DialectRuleError} the dialect breaks a rule; the message names the rule, the sample and both messages.
 * @throws {UsageTypeError} code `usage`: there is no sample, or `skip` has a name that no rule has.
 *
 * @example A dialect of one's own: numbers, one in each line
 * ```ts
 * import { defineDialect, lines, UsageTypeError } from "@parley/parley";
 * import { checkDialect } from "@parley/parley/testing";
 *
 * const numbers = defineDialect<string>({
 *   name: "numbers",
 *   correlation: "none",
 *   open: ({ limits }) => ({
 *     codec: lines({ maxFrameBytes: limits.maxFrameBytes }),
 *     read: (line) => ({ kind: "message", value: Number(line) }),
 *     write(message) {
 *       if (message.kind === "message" && typeof message.value === "number") return String(message.value);
 *       throw new UsageTypeError("Cannot send this: the dialect carries numbers");
 *     },
 *   }),
 * });
 *
 * checkDialect({
 *   dialect: numbers,
 *   samples: [
 *     { messages: [{ kind: "message", value: 1 }, { kind: "message", value: -2.5 }] },
 *     { bytes: new TextEncoder().encode("7\r\n"), arrives: [{ kind: "message", value: 7 }] },
 *   ],
 *   unsayable: [{ kind: "message", value: "seven" }, { kind: "action", name: "add", args: [1] }],
 *   skip: ["frame limit"], // no number is that long
 * });
 * ```
 */
export function checkDialect(check: DialectCheck): void {
  const rules = [...DIALECT_SAMPLE_RULES, ...DIALECT_REQUEST_RULES, ...DIALECT_FAULT_RULES];
  const subject = dialectSubject(check, rules);
  for (const { name, check: rule } of rules) if (!subject.skip.includes(name)) rule(subject);
}
