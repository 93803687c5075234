import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import type { FailureMessage, FileMessage, Kwargs, Message, RequestId } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { cannotSay, type Conversation, type DialectHost } from "../dialect.ts";
import { fileHeader, jsonMessage } from "./header.ts";
import { writeJson } from "./json_writer.ts";
import { MessageReader } from "./message_reader.ts";
import { type OwnRequest, OwnRequests } from "./own_requests.ts";
import { type Said, Spoken } from "./spoken.ts";
import { type TheirRequest, TheirRequests } from "./their_requests.ts";
import { FILE, MessageType } from "./words.ts";

/** What a client does when it has lost its link and got another. */
export interface ComeBack {
  /** Requests that have no answer are said again. */
  readonly resend: boolean;
  /** What was said and had not left yet is said there. */
  readonly resume: boolean;
}

/** clever-show between two ends, over one link or, for a client that is to come back so, over several. */
export class CleverShowConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #comeBack: ComeBack;
  readonly #own = new OwnRequests();
  readonly #theirs = new TheirRequests();
  readonly #spoken: Spoken;
  #reader: MessageReader;
  #isLater = false;
  #lastFrame: Uint8Array = NOTHING;
  /** True when the next link is to begin with nothing. */
  #isForgotten = false;

  constructor(host: DialectHost, comeBack: ComeBack) {
    this.#host = host;
    this.#comeBack = comeBack;
    this.#spoken = new Spoken(host.output, this.isResumable && comeBack.resume);
    this.#reader = new MessageReader(host, this.#own, this.#theirs);
  }

  get isResumable(): boolean {
    const { resend, resume } = this.#comeBack;
    // Only a client knows that the other side of its next link is the same one.
    return this.#host.resumable && this.#host.role === "client" && (resend || resume) && !this.#isForgotten;
  }

  get isFull(): boolean {
    return this.keptBytes > this.#host.limits.maxReplayBytes;
  }

  get keptBytes(): number {
    return this.#own.keptBytes;
  }

  get waitingBytes(): number {
    return this.#spoken.waitingBytes;
  }

  open(): void {
    this.#spoken.up();
    if (this.#isLater) this.#sayAgain();
    this.#isLater = true;
  }

  receive(buffer: ReceiveBuffer): void {
    this.#reader.receive(buffer);
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    this.#reader.receiveEnd(buffer);
  }

  body(bytes: Uint8Array): void {
    this.#spoken.body(bytes);
  }

  abandoned(id: RequestId): void {
    this.#own.abandon(Number(id));
  }

  write(message: Message): void {
    switch (message.kind) {
      case "action": {
        const { name, args, kwargs } = message;
        if (name === FILE) throw cannotSay(NAME, message, `"${FILE}" is a file; use sendFile()`);
        return this.#say(this.#json(MessageType.MESSAGE, { action: name }, argumentsText(args, kwargs)));
      }
      case "request": {
        const { name, args, kwargs } = message;
        if (name === FILE) throw cannotSay(NAME, message, `"${FILE}" is a file; use getFile()`);
        return this.#ask(message.id!, name, args, kwargs);
      }
      case "file-request":
        return this.#ask(message.id, FILE, [], { filepath: message.name });
      case "answer":
        return this.#answer(message.id!, message.value);
      case "failure":
        throw this.#noFailure(message);
      case "file":
        return this.#file(message);
      case "message":
        throw cannotSay(NAME, message, "it has no plain messages; use action(), request() or sendFile()");
      default:
        throw cannotSay(NAME, message, "the wire has no word for it");
    }
  }

  // ---- another link

  taken(): void {
    for (const { request } of this.#spoken.taken()) if (request !== undefined) request.hasLeft = true;
  }

  lastFrame(): Uint8Array {
    return this.#lastFrame;
  }

  unsent(): ReadonlySet<number> {
    return new Set(this.#spoken.unsent().map(({ id }) => id));
  }

  forget(): void {
    this.#isForgotten = true;
  }

  suspend(): boolean {
    if (!this.isResumable) return false;
    this.#spoken.down();
    this.#theirs.clear();
    this.#reader = new MessageReader(this.#host, this.#own, this.#theirs);
    return true;
  }

  /** First the requests that had left and got no answer, as the original does, then what had not left, in its order. */
  #sayAgain(): void {
    const all = this.#own.all();
    const mayGo = this.#comeBack.resend ? new Set(all.map(({ id }) => id)) : this.unsent();
    const wanted = new Set(this.#host.restart(mayGo).map(({ id }) => id));
    const waiting = this.#spoken.takeWaiting();
    for (const request of all) {
      // Asked about each: its caller may have forbidden to say it twice.
      const goes = wanted.has(request.id) && this.#host.repeats(request.id, request.hasLeft, 0) !== undefined;
      if (!goes) this.#own.delete(request);
      else if (request.hasLeft) this.#spoken.say({ bytes: request.frame!, request });
    }
    for (const said of waiting) {
      if (said.request === undefined || this.#own.has(said.request)) this.#spoken.say(said);
    }
  }

  // ---- saying

  #ask(id: RequestId, name: string, args: readonly unknown[], kwargs: Kwargs | undefined): void {
    const wireId = this.#own.freeId();
    const asked = `"requested_value": ${writeJson(name, "the name")}, "request_id": "${wireId}"`;
    const bytes = this.#json(MessageType.REQUEST, {}, `{${asked}, ${argumentsText(args, kwargs).slice(1)}`);
    const frame = this.isResumable ? bytes : undefined;
    const request: OwnRequest = { id: Number(id), wireId, name, frame, hasLeft: false, isWanted: true };
    this.#own.add(request);
    this.#say(bytes, request);
  }

  #answer(id: RequestId, value: unknown): void {
    const request = this.#asked(id);
    const bytes = this.#json(
      MessageType.RESPONSE,
      responseTo(request),
      `{"value": ${writeJson(value, "the answer")}}`,
    );
    this.#theirs.delete(id);
    this.#say(bytes);
  }

  #file({ name, size, id }: FileMessage): void {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new UsageRangeError(`Cannot send file "${name}" of ${size} bytes: a whole number is wanted`);
    }
    const header = id === undefined
      ? fileHeader(MessageType.MESSAGE, { action: FILE, filepath: name }, size)
      : fileHeader(MessageType.RESPONSE, responseTo(this.#asked(id)), size);
    this.#spoken.beginFile(header, size);
    if (id !== undefined) this.#theirs.delete(id);
  }

  #json(type: string, fields: Readonly<Record<string, unknown>>, content: string): Uint8Array {
    return jsonMessage(type, fields, content, this.#host.limits.maxFrameBytes);
  }

  #say(bytes: Uint8Array, request?: OwnRequest): void {
    const said: Said = { bytes, request };
    this.#lastFrame = bytes;
    this.#spoken.say(said);
  }

  #asked(id: RequestId): TheirRequest {
    const request = this.#theirs.find(id);
    if (request !== undefined) return request;
    throw new UsageTypeError(
      `Cannot answer request ${id}: it is answered already, or was asked on another link`,
    );
  }

  /** Nothing on this wire says that a request has failed, so it ends here. */
  #noFailure({ id, code, message }: FailureMessage): UsageTypeError {
    const request = this.#theirs.find(id);
    if (id !== undefined) this.#theirs.delete(id);
    const what = request === undefined ? "A request" : `Request "${request.name}"`;
    const why = message === "" ? code : `${message} (${code})`;
    return new UsageTypeError(`${what} gets no answer: ${why}; the dialect "${NAME}" has no error answers`);
  }
}

function argumentsText(args: readonly unknown[], kwargs: Kwargs = {}): string {
  return `{"args": ${writeJson(args, "args")}, "kwargs": ${writeJson(kwargs, "kwargs")}}`;
}

function responseTo({ name, wireId }: TheirRequest): Readonly<Record<string, unknown>> {
  return { requested_value: name, request_id: wireId };
}

/** As in the `dialect` option. */
export const NAME = "clever-show";
const NOTHING = new Uint8Array(0);
