/**
 * Conformance kits for codecs, transports and dialects of your own. Each checks a whole contract in one call, throws
 * an error that names the rule that is broken, and needs no test framework.
 *
 * @module
 */
export { checkCodec, CodecRuleError } from "./check_codec.ts";
export type { CodecCheck, CodecSample, MalformedSample, TooLargeSample } from "./check_codec.ts";
export { checkDialect, DialectRuleError } from "./check_dialect.ts";
export type { DialectCheck, DialectSample, RequestSample, SaidMessage } from "./check_dialect.ts";
export { checkTransport, TransportRuleError } from "./check_transport.ts";
export type { TransportCheck } from "./check_transport.ts";
