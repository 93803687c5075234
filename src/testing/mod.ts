/**
 * Conformance kits for codecs, transports and dialects of your own: each checks a whole contract in one call, throws
 * an error that names the rule that is broken, and needs no test framework. And virtual serial ports, for tests of
 * programs that talk to devices.
 *
 * @module
 */
export { checkCodec, CodecRuleError } from "./check_codec.ts";
export type { CodecCheck, CodecSample, MalformedSample, TooLargeSample } from "./check_codec.ts";
export { checkDialect, DialectRuleError } from "./check_dialect.ts";
export type { DialectCheck, DialectSample, RequestSample, SaidMessage } from "./check_dialect.ts";
export { checkTransport, TransportRuleError } from "./check_transport.ts";
export type { TransportCheck } from "./check_transport.ts";
export { virtualSerialPair } from "./virtual_serial_pair.ts";
export type { VirtualSerialOptions, VirtualSerialPair } from "./virtual_serial_pair.ts";
export { VirtualSerialPort } from "./virtual_serial_port.ts";
