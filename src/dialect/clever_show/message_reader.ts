import { capital } from "../../capital.ts";
import { frameTooLarge } from "../../codec/codec.ts";
import { FaultAllowance } from "../../codec/fault_allowance.ts";
import { ProtocolError } from "../../errors.ts";
import { MAX_FRAME_BYTES_CEILING } from "../../limits.ts";
import type { Kwargs, Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { DialectHost } from "../dialect.ts";
import { contentText } from "./content_text.ts";
import { type Header, isRecord, LENGTH_BYTES, readHeader } from "./header.ts";
import { readJson } from "./json_reader.ts";
import type { OwnRequest, OwnRequests } from "./own_requests.ts";
import type { TheirRequests } from "./their_requests.ts";
import { FILE, MessageType } from "./words.ts";

/** Reads what the other side says on one link. */
export class MessageReader {
  readonly #host: DialectHost;
  readonly #own: OwnRequests;
  readonly #theirs: TheirRequests;
  readonly #allowance = new FaultAllowance();
  /** The message whose content is still to come, in full. */
  #header: Header | undefined;
  /** The request of ours that it answers. */
  #answered: OwnRequest | undefined;
  /** Bytes still to come that are not kept here: of a file, or of a content that is passed over. */
  #flowing = 0;
  #isFile = false;

  constructor(host: DialectHost, own: OwnRequests, theirs: TheirRequests) {
    this.#host = host;
    this.#own = own;
    this.#theirs = theirs;
  }

  /** @throws {ProtocolError} nobody knows where the next message begins. */
  receive(buffer: ReceiveBuffer): void {
    for (;;) {
      if (this.#flowing > 0) {
        if (buffer.length === 0) return;
        this.#flow(buffer);
      } else if (this.#header !== undefined) {
        const { contentBytes } = this.#header;
        if (buffer.length < contentBytes) return;
        this.#allowance.pass(contentBytes);
        this.#finish(this.#header, buffer.peek(contentBytes));
        this.#header = this.#answered = undefined;
        buffer.skip(contentBytes);
      } else {
        if (buffer.length < LENGTH_BYTES) return;
        const bytes = LENGTH_BYTES + buffer.uint16At(0);
        if (buffer.length < bytes) return;
        const header = readHeader(buffer.peek(bytes - LENGTH_BYTES, LENGTH_BYTES));
        buffer.skip(bytes);
        this.#allowance.pass(bytes);
        this.#begin(header);
      }
    }
  }

  /** @throws {ProtocolError} the link has ended in the middle of a message. */
  receiveEnd(buffer: ReceiveBuffer): void {
    const wanted = this.#header?.contentBytes;
    if (this.#flowing === 0 && wanted === undefined && buffer.length === 0) return;
    const what = this.#flowing > 0
      ? `${this.#flowing} bytes of a ${this.#isFile ? "file" : "content"} are missing`
      : wanted !== undefined
      ? `${wanted - buffer.length} of ${wanted} bytes of a content are missing`
      : `${buffer.length} bytes of an unfinished header dropped`;
    throw new ProtocolError("truncated", `Connection ended in the middle of a message: ${what}`);
  }

  // ---- a message

  #flow(buffer: ReceiveBuffer): void {
    const count = Math.min(this.#flowing, buffer.length);
    this.#allowance.pass(count);
    if (this.#isFile) this.#host.body(buffer.peek(count));
    buffer.skip(count);
    this.#flowing -= count;
  }

  /** The content is not kept here. */
  #pass({ contentBytes }: Header, isFile: boolean): void {
    this.#flowing = contentBytes;
    this.#isFile = isFile;
    this.#answered = undefined;
  }

  /** A header has come: decides what is to become of the content. */
  #begin(header: Header): void {
    let file: Message | undefined;
    try {
      file = this.#look(header);
    } catch (error) {
      this.#fault(error);
      return this.#pass(header, false);
    }
    if (file === undefined) {
      this.#header = header;
    } else {
      this.#pass(header, file.kind === "file");
      this.#deliver(file, header.bytes);
    }
  }

  /** What can be said of a message before its content has come; `undefined` when that has to be JSON. */
  #look(header: Header): Message | undefined {
    const { fields, isJson, missing } = header;
    if (missing !== undefined) throw bad("missing_field", `Message without "${missing}" in its header`);
    const type = fields["message-type"];
    switch (type) {
      case MessageType.RESPONSE:
        return this.#lookAtResponse(header);
      case MessageType.MESSAGE: {
        const name = textOf(fields, "action", type);
        if (name !== FILE) return this.#wantJson(header, `an action ${quoted(name)}`);
        if (isJson) throw bad("bad_file", "A file came as JSON");
        return { kind: "file", name: textOf(fields, "filepath", "file"), size: header.contentBytes };
      }
      case MessageType.REQUEST:
        return this.#wantJson(header, "a request");
    }
    throw bad("unknown_type", `Message of a type that is not known: ${quoted(type)}`);
  }

  #lookAtResponse(header: Header): Message | undefined {
    const { fields, isJson } = header;
    const name = textOf(fields, "requested_value", "response");
    const request = this.#own.find(fields["request_id"]);
    if (request === undefined) return LATE_ANSWER;
    const id = quoted(fields["request_id"]);
    if (request.name !== name) {
      // Whoever has the request under its own name may still answer it.
      throw bad(
        "wrong_answer",
        `Answer ${id} is one to ${quoted(name)}, but request ${id} is ${quoted(request.name)}`,
      );
    }
    this.#answered = request;
    if (name !== FILE) return this.#wantJson(header, `an answer to ${quoted(name)}`);
    if (isJson) throw bad("bad_file", "A file that was asked for came as JSON");
    this.#own.delete(request);
    return { kind: "file", name: "", size: header.contentBytes, id: request.id };
  }

  #wantJson({ isJson, contentBytes, fields }: Header, what: string): undefined {
    if (!isJson) {
      const type = quoted(fields["content-type"]);
      throw bad("bad_content", `The content of ${what} has the type ${type}, "json" is wanted`);
    }
    const { maxFrameBytes } = this.#host.limits;
    if (contentBytes <= maxFrameBytes) return;
    // Passing over is for those that are in earnest about so much: nothing else is heard until then.
    throw frameTooLarge(contentBytes, maxFrameBytes, { fatal: contentBytes > MAX_FRAME_BYTES_CEILING });
  }

  /** The content has come. */
  #finish(header: Header, bytes: Uint8Array): void {
    const { fields } = header;
    let message: Message;
    try {
      const content = readJson(contentText(bytes, fields["content-encoding"]));
      if (!isRecord(content)) throw bad("bad_content", "Content is no JSON object");
      message = this.#messageOf(fields, content);
    } catch (error) {
      return this.#fault(error);
    }
    this.#deliver(message, header.bytes + header.contentBytes);
  }

  #messageOf(fields: Header["fields"], content: Record<string, unknown>): Message {
    if (this.#answered !== undefined) {
      if (!Object.hasOwn(content, "value")) throw bad("bad_answer", "Answer without a value");
      this.#own.delete(this.#answered);
      return { kind: "answer", id: this.#answered.id, value: content.value };
    }
    if (fields["message-type"] === MessageType.MESSAGE) {
      const name = fields["action"] as string;
      return { kind: "action", name, ...argumentsOf(content, `Action ${quoted(name)}`) };
    }
    const name = textOf(content, "requested_value", "request");
    const what = `Request ${quoted(name)}`;
    const wireId = content["request_id"];
    if (typeof wireId !== "string" && typeof wireId !== "number") {
      throw bad("bad_request", `${what} without an id`);
    }
    const { args, kwargs } = argumentsOf(content, what);
    if (name !== FILE) return { kind: "request", id: this.#theirs.add({ name, wireId }), name, args, kwargs };
    const path = textOf(kwargs ?? {}, "filepath", what);
    return { kind: "file-request", id: this.#theirs.add({ name, wireId }), name: path };
  }

  // ---- whom to tell

  #deliver(message: Message, bytes: number): void {
    if (this.#allowance.isDue) {
      this.#host.fault(this.#allowance.rest("bad_message", "messages made no sense"));
    }
    this.#host.deliver(message, bytes);
  }

  /** A message made no sense; what comes behind it does. Whoever waits for it as an answer waits no more. */
  #fault(error: unknown): void {
    if (!(error instanceof ProtocolError) || error.fatal) throw error;
    const { code, message } = error;
    if (this.#allowance.spend()) {
      const text = `${message}${this.#allowance.silent()}`;
      this.#host.fault(new ProtocolError(code, text, { fatal: false, cause: error.cause }));
    }
    if (this.#answered === undefined) return;
    this.#own.delete(this.#answered);
    this.#host.deliver({ kind: "failure", id: this.#answered.id, code: "bad_answer", message }, 0);
  }
}

/** Null and nothing are empty: a peer that asks again after a reconnect sends null. */
function argumentsOf(content: Record<string, unknown>, what: string): { args: unknown[]; kwargs?: Kwargs } {
  const { args, kwargs } = content;
  if (args !== undefined && args !== null && !Array.isArray(args)) {
    throw bad("bad_args", `${what} has args that are no list`);
  }
  if (kwargs !== undefined && kwargs !== null && !isRecord(kwargs)) {
    throw bad("bad_args", `${what} has kwargs that are no object`);
  }
  const isEmpty = !isRecord(kwargs) || Object.keys(kwargs).length === 0;
  return { args: args ?? [], kwargs: isEmpty ? undefined : kwargs };
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string, what: unknown): string {
  const text = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof text === "string") return text;
  throw bad(
    `bad_${name === "action" ? "action" : "name"}`,
    `${capital(String(what))} without a text as "${name}"`,
  );
}

function bad(code: string, message: string): ProtocolError {
  return new ProtocolError(code, message, { fatal: false });
}

/** What the other side calls something, in a message for people. */
function quoted(value: unknown): string {
  if (typeof value !== "string") return `a ${value === null ? "null" : typeof value}`;
  return JSON.stringify(value.length > MAX_SHOWN_CHARS ? `${value.slice(0, MAX_SHOWN_CHARS)}…` : value);
}

/** Ids begin at 1: nobody waits for this answer. */
const LATE_ANSWER: Message = Object.freeze({ kind: "answer", id: 0, value: undefined });
const MAX_SHOWN_CHARS = 60;
