/**
 * The conformance kit for transports: one call checks a transport of your own against the whole contract.
 *
 * @module
 */
import { TRANSPORT_BYTE_RULES } from "./transport_byte_rules.ts";
import { TRANSPORT_END_RULES } from "./transport_end_rules.ts";
import { checkRule, type TransportCheck, transportSettings } from "./transport_subject.ts";

export { type TransportCheck, TransportRuleError } from "./transport_subject.ts";

/**
 * Checks a transport against the contract of {@linkcode Transport}, and rejects at the first rule that it breaks.
 *
 * | rule | what is wanted |
 * | --- | --- |
 * | `bytes arrive` | 1 byte, 64 KiB and `largestBytes` arrive whole and in order, both ways at once |
 * | `empty write` | a write of no bytes resolves |
 * | `writes keep order` | 200 writes started at once arrive in their order and unmixed |
 * | `written memory is free` | what a write was given may be changed once it has resolved |
 * | `read memory` | what a read gave stays as it is until the next read |
 * | `back-pressure` | a write of `floodBytes` waits while nobody reads, and goes on when somebody does |
 * | `half close` | `closeWrite` ends the other side's reading, after all bytes; the other direction goes on |
 * | `close ends a read` | a read under way resolves with `null`, and so does a later one |
 * | `close ends a write` | writes under way and later ones reject with `ClosedError` |
 * | `close again` | closing more than once, on both sides, does nothing |
 * | `other side gone` | the bytes before, then `null`; writes reject with `BrokenError` soon |
 * | `other side gone during a write` | a write that waits rejects with `BrokenError` |
 * | `nothing leaks` | `rounds` pairs are opened, used and closed; `countOpen` is as before |
 *
 * Of a transport that is `isEndless` no end is wanted: `half close` looks whether `closeWrite` resolves and the other
 * direction goes on, and the two rules about the other side being gone ask nothing.
 *
 * It needs no test framework. Each rule has a deadline, so that a hang becomes an error. On TCP it takes a second or
 * two, most of it for the floods.
 *
 * @throws {TransportRuleError} the transport breaks a rule; the message names the rule and says how.
 * @throws {UsageTypeError} code `usage`: `skip` has a name that no rule has.
 *
 * @example The transport in memory, which a transport of one's own takes the place of
 * ```ts
 * import { memoryPair } from "@parley/parley";
 * import { checkTransport } from "@parley/parley/testing";
 *
 * await checkTransport({ pair: () => Promise.resolve(memoryPair()), floodBytes: 4 * 1024 * 1024 });
 * ```
 */
export async function checkTransport(check: TransportCheck): Promise<void> {
  const rules = [...TRANSPORT_BYTE_RULES, ...TRANSPORT_END_RULES];
  const settings = transportSettings(check, rules);
  try {
    for (const rule of rules) {
      if (!settings.skip.includes(rule.name)) await checkRule(rule, settings);
    }
  } finally {
    await settings.cleanup();
  }
}
