/**
 * Parley talks to programs and devices: servers, clients, named actions and requests, over TCP, Unix sockets,
 * serial lines and memory, in its own dialect, in those of LEADS, serpy, clever-show and socket-oneline, in lines of
 * text, or in bytes.
 *
 * @example
 * ```ts
 * import { connect, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: "lines",
 *   onReceive: (line, peer) => peer.send(line.toUpperCase()),
 * });
 * await using client = await connect(server.address, { dialect: "lines" });
 * assert.equal(await client.ask("hello"), "HELLO");
 * ```
 *
 * @module
 */
export { connect, createClient, createServer, listen, serial } from "./src/peer/connect.ts";
export { SerialClient, type SerialClientOptions } from "./src/peer/serial_client.ts";
export { listPorts, type ListPortsOptions } from "./src/transport/serial/list_ports.ts";
export { describePort, type PortHolder, type PortInfo } from "./src/transport/serial/port_info.ts";
export type { PortChoice } from "./src/transport/serial/choose_port.ts";
export type { IdentityOptions } from "./src/transport/serial/identity.ts";
export type { SerialOptions } from "./src/transport/serial/serial_dialer.ts";
export type { FlushWhat, LineSignals, OutputSignals } from "./src/transport/serial/serial_line.ts";
export {
  describeSettings,
  type LineSettings,
  type SerialSettings,
} from "./src/transport/serial/serial_settings.ts";
export type { Pacing } from "./src/transport/serial/pacing.ts";
export { Client } from "./src/peer/client.ts";
export { Server } from "./src/peer/server.ts";
export { Group, group, type Groupable } from "./src/peer/group.ts";
export { Answers, type FanOut } from "./src/peer/answers.ts";
export { AnswerTable } from "./src/peer/answer_table.ts";
export type { Answer, AnswersBegun } from "./src/peer/answer.ts";
export type { FanOutOptions } from "./src/peer/fan_out.ts";
export { Peer } from "./src/peer/peer.ts";
export type {
  AckOptions,
  ActionOptions,
  PeerCounts,
  RequestOptions,
  SendOptions,
  StreamOptions,
  WaitOptions,
} from "./src/peer/peer.ts";
export type { GetFileOptions, SendFileOptions } from "./src/peer/peer.ts";
export type { SentFile } from "./src/peer/file_sender.ts";
export type { ReceivedFile } from "./src/peer/file_fetch.ts";
export type { FileProgress } from "./src/files/progress.ts";
export { Share } from "./src/files/share.ts";
export type { ShareMode, ShareOptions } from "./src/files/share_options.ts";
export type { Resend } from "./src/pending.ts";
export { type Handler, Handlers } from "./src/peer/handlers.ts";
export { handlersFrom } from "./src/peer/handlers_from.ts";
export type { HandlerDescription } from "./src/peer/handler_description.ts";
export type { HandlerOptions } from "./src/peer/handler_entry.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./src/peer/schema.ts";
export type {
  ActionHandler,
  ActionName,
  Calls,
  Contract,
  Offer,
  Offers,
  Parts,
  RequestHandler,
  RequestName,
  Reverse,
  TypedCall,
  TypedCallbacks,
  TypedClient,
  TypedClientOptions,
  TypedPeer,
  TypedServer,
  TypedServerOptions,
} from "./src/peer/contract.ts";
export type {
  AnswerOf,
  ArgumentsOf,
  CallArguments,
  CallOf,
  ListOrOne,
  NamesOf,
  Signature,
  SignatureOf,
  TableOf,
  WithPeer,
} from "./src/peer/contract_parts.ts";
export { Call } from "./src/peer/call.ts";
export { Bridge, bridge, type Bridgeable, type BridgeCounts } from "./src/peer/bridge.ts";
export type { BridgeMap, BridgeOptions } from "./src/peer/bridge_options.ts";
export type { Callbacks, MessageDetails } from "./src/peer/callbacks.ts";
export type { Connection, LinkEvent } from "./src/peer/link_event.ts";
export { type Direction, type Traffic, TRAFFIC_KINDS } from "./src/peer/traffic.ts";
export type { ReconnectOptions } from "./src/peer/reconnect.ts";
export type { Overflow } from "./src/peer/outbox.ts";
export { CloseReason } from "./src/peer/close_reason.ts";
export type { ClientOptions, LinkOptions, ServerOptions } from "./src/peer/options.ts";

export { byteLength } from "./src/codec/byte_length.ts";
export { checksum, type ChecksumOptions } from "./src/codec/checksum.ts";
export { cobs, type CobsOptions } from "./src/codec/cobs.ts";
export { type Codec, type FrameLimit, frameTooLarge, truncated } from "./src/codec/codec.ts";
export { delimiter, type DelimiterOptions } from "./src/codec/delimiter.ts";
export { interByteTimeout, type InterByteTimeoutOptions } from "./src/codec/inter_byte_timeout.ts";
export { lengthPrefix, type LengthPrefixOptions } from "./src/codec/length_prefix.ts";
export { lines, type LinesOptions } from "./src/codec/lines.ts";
export { raw, type RawOptions } from "./src/codec/raw.ts";
export { ready } from "./src/codec/ready.ts";
export { regex, type RegexOptions } from "./src/codec/regex.ts";
export { slip, type SlipOptions } from "./src/codec/slip.ts";
export { type Checksum, crc16Ccitt, crc16Modbus, crc32, sum, xor } from "./src/codec/sums.ts";
export { tooLargeToSend } from "./src/codec/options.ts";
export { codecs, type NamedCodec } from "./src/codec/table.ts";

export { cannotSay, defineDialect } from "./src/dialect/dialect.ts";
export type {
  Ability,
  Admission,
  Conversation,
  Correlation,
  Dialect,
  DialectDefinition,
  DialectHost,
  FrameLanguage,
  Payload,
  Refusal,
  Repeat,
  ResumeClaim,
  Role,
} from "./src/dialect/dialect.ts";
export { type DialectEntry, type DialectName, type DialectOptions, dialects } from "./src/dialect/table.ts";
export type { OptionCheck } from "./src/dialect/option_check.ts";
export type { LineDialectOptions } from "./src/dialect/lines.ts";
export type { TextEncoding } from "./src/dialect/text_encoding.ts";
export type { Mode } from "./src/dialect/serpy/mode.ts";
export type { LeadsOptions } from "./src/dialect/leads/leads.ts";
export type { OnelineOptions } from "./src/dialect/oneline/oneline.ts";
export type { SerpyOptions } from "./src/dialect/serpy/serpy.ts";
export { Float, float } from "./src/dialect/float.ts";
export type { Serpy2Options } from "./src/dialect/serpy2/serpy2.ts";
export type { CleverShowOptions } from "./src/dialect/clever_show/clever_show.ts";

export { announce, type Announced, type AnnounceOptions, Announcing } from "./src/discovery/announce.ts";
export { discover, type DiscoverOptions, Discovery, type FoundServer } from "./src/discovery/discover.ts";
export { localAddress } from "./src/discovery/local_address.ts";

export { record, type Recordable, Recorder, type RecordOptions } from "./src/record/recorder.ts";
export { readRecording } from "./src/record/read_recording.ts";
export type {
  MaskedPlace,
  RecordedBytes,
  RecordedConnection,
  RecordedEnd,
  RecordedLink,
  RecordedSaid,
  Recording,
} from "./src/record/recording.ts";
export { findRecorded, type RecordedPart, type RecordingChoice } from "./src/record/choose_link.ts";
export { replay, type Replayed, type ReplayOptions } from "./src/record/replay.ts";
export { replayLink, type ReplayLinkOptions } from "./src/record/replay_link.ts";
export { saidText } from "./src/record/said_exchange.ts";
export type { PlayedPiece } from "./src/record/play.ts";
export type { NextPiece } from "./src/record/exchange.ts";
export { RecordingError } from "./src/record/recording_error.ts";
export { MismatchError } from "./src/record/mismatch.ts";
export type { RenamedTransport } from "./src/record/renamed_transport.ts";
export { Player, player, type PlayerOptions } from "./src/record/player.ts";
export { LinkMock, mockLink, type MockOptions } from "./src/record/mock_link.ts";
export type { DialRequest, ListenNotice } from "./src/peer/dial_request.ts";

export { memoryPair, type MemoryPairOptions } from "./src/transport/memory.ts";
export { parseAddress, transports } from "./src/transport/table.ts";
export type { Address, AddressShape } from "./src/transport/address.ts";
export type { Dialer, LineFacts, Listener, Transport, TransportKind } from "./src/transport/transport.ts";

export { ReceiveBuffer } from "./src/receive_buffer.ts";
export { SendBuffer } from "./src/send_buffer.ts";
export { Session, type SessionOptions, type SessionWatcher } from "./src/session.ts";
export type { CallTiming, RequestKind } from "./src/own_calls.ts";
export type { SessionCounts, SessionEvent } from "./src/session_event.ts";
export type {
  ActionMessage,
  AnswerMessage,
  BasicMessage,
  CancelMessage,
  CreditMessage,
  FailureMessage,
  FileMessage,
  FileRequestMessage,
  Kwargs,
  Message,
  PartMessage,
  PlainMessage,
  RequestId,
  RequestMessage,
} from "./src/message.ts";
export { DEFAULT_LIMITS, type Limits } from "./src/limits.ts";
export { Check, check, type Checked, type CheckOptions, type CheckOutcome } from "./src/check/check.ts";
export { CheckError } from "./src/check/check_error.ts";
export { secret } from "./src/secret/secret.ts";
export type { SecretForm } from "./src/secret/secret_form.ts";
export { type FoundSecret, SecretMask } from "./src/secret/secret_mask.ts";
export type { SecretQuestion, SecretValue } from "./src/secret/secret_event.ts";
export { plot, type PlotRequest, type Plottable } from "./src/show/plot/plot.ts";
export type { PlotOptions, PlotPick } from "./src/show/plot/plot_options.ts";
export { show } from "./src/show/show.ts";
export { type ShowOptions, showValue } from "./src/show/value.ts";

export {
  BrokenError,
  CancelledError,
  ClosedError,
  type Outcome,
  ParleyError,
  type ParleyErrorOptions,
  ProtocolError,
  RemoteError,
  TimeoutError,
  UsageRangeError,
  UsageTypeError,
} from "./src/errors.ts";
