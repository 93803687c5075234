import type { PlantedBug } from "./planted_bug.ts";

const RECEIPTS = "src/dialect/native/receipts.ts";
const REPLAY_LOG = "src/dialect/native/replay_log.ts";
const LIFELINE = "src/dialect/native/lifeline.ts";
const CONVERSATION = "src/dialect/native/conversation.ts";
const HEARTBEAT = "src/dialect/native/heartbeat.ts";
const SESSION = "src/session.ts";
const OWN_CALLS = "src/own_calls.ts";
const PENDING = "src/pending.ts";
const SESSION_ERRORS = "src/session_errors.ts";
const WAIT_LIST = "src/peer/wait_list.ts";
const CALLER = "src/peer/caller.ts";
const INCOMING = "src/peer/incoming.ts";
const LINK = "src/peer/link.ts";
const LINK_LIFE = "src/peer/link_life.ts";
const PEER_CORE = "src/peer/peer_core.ts";
const RECONNECT = "src/peer/reconnect.ts";
const RUNNING_CALLS = "src/peer/running_calls.ts";
const SERVER = "src/peer/server.ts";
const SESSION_TABLE = "src/peer/session_table.ts";
const KEY_TABLE = "src/peer/key_table.ts";
const STREAM_PRODUCER = "src/peer/stream_producer.ts";
const STREAM_READER = "src/peer/stream_reader.ts";

/** The bugs that the simulation has to find. To add one, add it here. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "a frame that comes twice is handled twice",
    file: RECEIPTS,
    find: "return false;",
    replace: "return true;",
  },
  {
    name: "rx one too high",
    file: LIFELINE,
    find: "  get rx(): number {\n    return this.#receipts.rx;",
    replace: "  get rx(): number {\n    return this.#receipts.rx === 0 ? 0 : this.#receipts.rx + 1;",
  },
  {
    name: "no acknowledgement by the clock",
    file: RECEIPTS,
    find: "if (this.#frames++ === 0) this.#dueAt = Math.min(this.#dueAt, now + ACK_MS);",
    replace: "this.#frames++;",
  },
  {
    name: "an acknowledgement drops one frame too many",
    file: REPLAY_LOG,
    find: "!isAfter(this.#kept.uint32At(passed + SEQ_AT), rx)",
    replace: "!isAfter(this.#kept.uint32At(passed + SEQ_AT), rx + 1)",
  },
  {
    name: "no acknowledgement on resume",
    file: LIFELINE,
    find: "replay(rx: number, now: number, writer: FrameWriter): number {\n    this.#log.acknowledge(rx);",
    replace: "replay(_rx: number, now: number, writer: FrameWriter): number {",
  },
  {
    name: "what was said without a link is not sent on resume",
    file: LIFELINE,
    find: "const frames = [...this.#log.takeAll(), ...this.#takeWaiting()];",
    replace: "const frames = [...this.#log.takeAll()];",
  },
  {
    name: "what was not acknowledged is not sent on resume",
    file: LIFELINE,
    find: "const frames = [...this.#log.takeAll(), ...this.#takeWaiting()];",
    replace: "this.#log.takeAll();\n    const frames = [...this.#takeWaiting()];",
  },
  {
    name: "what was said later is sent first",
    file: LIFELINE,
    find: "const frames = [...this.#log.takeAll(), ...this.#takeWaiting()];",
    replace: "const frames = [...this.#takeWaiting(), ...this.#log.takeAll()];",
  },
  {
    name: "what had not left is forgotten with the link",
    file: LIFELINE,
    find: "if (frame.seq !== 0) this.waiting.append(bytesOf(frame));",
    replace: "",
  },
  {
    name: "every request is repeated in a new session",
    file: OWN_CALLS,
    find: "const frame = repeatable ? this.#owner.conversation.lastFrame?.() : undefined;",
    replace: "const frame = repeatable || true ? this.#owner.conversation.lastFrame?.() : undefined;",
  },
  {
    name: "nobody tells that a request was lost with its session",
    file: OWN_CALLS,
    find: "unknown.push(whatOf(request));\n        this.#loseTrack(request);",
    replace: "unknown.push(whatOf(request));",
  },
  {
    name: "ids are used again",
    file: OWN_CALLS,
    find:
      "do this.#lastId = this.#lastId === MAX_ID ? 1 : this.#lastId + 1; while (this.#pending.has(this.#lastId));",
    replace: "this.#lastId = this.#lastId === 8 ? 1 : this.#lastId + 1;",
  },
  {
    name: "output of the old link goes to the new one",
    file: SESSION,
    find: "this.#output.rewind(0);\n    this.#input",
    replace: "this.#input",
  },
  {
    name: "the half frame of the old link is read on the new one",
    file: SESSION,
    find: "    this.#input = new ReceiveBuffer();\n    this.#ready",
    replace: "    this.#ready",
  },
  {
    name: "answers are not numbered",
    file: CONVERSATION,
    find: "return writer.value(FrameType.RES, Number(message.id), this.#seq(), message.value);",
    replace: "return writer.value(FrameType.RES, Number(message.id), 0, message.value);",
  },
  {
    name: "a silent link is never given up",
    file: HEARTBEAT,
    find: 'return "lost";',
    replace: 'return "stale";',
  },
  {
    name: "no deadline ever passes",
    file: PENDING,
    find: "if (now < this.#nextDeadline) return [];",
    replace: "if (now < Infinity) return [];",
  },
  {
    name: "a nearer deadline does not set the clock",
    file: PENDING,
    find: "if (request.deadline < this.#nextDeadline) this.#nextDeadline = request.deadline;",
    replace: "if (this.#nextDeadline === Infinity) this.#nextDeadline = request.deadline;",
  },
  {
    name: "keys are not remembered",
    file: KEY_TABLE,
    find: "if (entry === undefined || entry.endedAt > tooOld) return entry;",
    replace: "if (entry === undefined) return entry;",
  },
  {
    name: "a second caller with the same key is not told",
    file: KEY_TABLE,
    find: "entry.endedAt = now;\n    for (const tell of entry.waiting.splice(0)) tell(result);",
    replace: "entry.endedAt = now;",
  },
  {
    name: "a stream takes no notice of its credit",
    file: STREAM_PRODUCER,
    find: "this.#credit -= this.#sink.part(this.#id, value);",
    replace: "this.#sink.part(this.#id, value);",
  },
  {
    name: "a stream is granted nothing anew",
    file: STREAM_READER,
    find: "source.credit(this.#read);\n",
    replace: "\n",
  },
  {
    name: "a stream that nobody reads is not called off",
    file: STREAM_READER,
    find: "if (this.#end === undefined) source.cancel();",
    replace: "",
  },
  {
    name: "a generator is left where it stands",
    file: STREAM_PRODUCER,
    find: "if (!isDone) await this.#parts.return?.();",
    replace: "",
  },
  {
    name: "a cancelled request goes on",
    file: CONVERSATION,
    find: 'return this.#host.deliver({ kind: "cancel", id: frame.id }, sizeOf(frame));',
    replace: "return;",
  },
  {
    name: "an acknowledgement comes before the handler has ended",
    file: INCOMING,
    find: "const settle = this.#answerOnce(id);",
    replace: "const settle = this.#answerOnce(id);\n    settle();",
  },
  {
    name: "no session is ever found again",
    file: SESSION_TABLE,
    find: "const core = this.#bySid.get(sid);",
    replace: "const core = undefined as PeerCore | undefined;",
  },
  {
    name: "the old link is left open when its session comes back on another",
    file: LINK_LIFE,
    find: "if (this.#link !== undefined) {\n      const text = `${this.#label} came back",
    replace: "if (this.#link === undefined) {\n      const text = `${this.#label} came back",
  },
  {
    name: "calls that wait for room are forgotten",
    file: CALLER,
    find: "this.#queue.advance(() => !this.#owner.session.isFull);",
    replace: "",
  },
  {
    name: "calls that wait for room are not timed",
    file: WAIT_LIST,
    find: "if (now < this.#nextDeadline) return;",
    replace: "if (now < Infinity) return;",
  },
  {
    name: "a client gives up after two attempts",
    file: RECONNECT,
    find: "if (this.#failed >= this.#attempts) return undefined;",
    replace: "if (this.#failed >= 2) return undefined;",
  },
  {
    name: "nobody looks at deadlines while there is no link",
    file: PEER_CORE,
    find: "    else this.handle(events);\n",
    replace: "",
  },
  {
    name: "what may have arrived is said not to have been sent",
    file: OWN_CALLS,
    find: 'hasStayed ? "not-sent" : "unknown";',
    replace: 'hasStayed ? "not-sent" : "not-sent";',
  },
  {
    name: "a lost request is said not to have been sent",
    file: SESSION_ERRORS,
    find: 'return new BrokenError("unknown_outcome", text, { outcome: "unknown" });',
    replace: 'return new BrokenError("unknown_outcome", text, { outcome: "not-sent" });',
  },
  {
    name: "a session that was up once stays up",
    file: SESSION,
    find: "this.#ready = this.#dead = this.#closed = false;",
    replace: "this.#dead = this.#closed = false;",
  },
  {
    name: "what is repeated in a new session keeps its old number",
    file: LIFELINE,
    find: "output.append(renumbered(frame, nextSeq(), this.#host.repeats(id, false, now)));",
    replace:
      "output.append(renumbered(frame, Math.max(nextSeq(), frame.seq), this.#host.repeats(id, false, now)));",
  },
  {
    name: "the answer to a key is not kept",
    file: KEY_TABLE,
    find: "    entry.result = kept;\n",
    replace: "",
  },
  {
    name: "a handler runs on after its deadline",
    file: RUNNING_CALLS,
    find: "if (now < this.#nextDeadline) return [];",
    replace: "if (now < Infinity) return [];",
  },
  {
    name: "a lost session is given up at once",
    file: SERVER,
    find: "!this.#closing && core.session.isResumable",
    replace: "false && core.session.isResumable",
  },
  {
    name: "a link that nobody reads at either end is never given up",
    file: LINK,
    find: "return this.#holds === 0 || now - this.#movedAt >= stillMs;",
    replace: "return this.#holds === 0;",
  },
  {
    name: "what was sent in another session is said not to have been",
    file: OWN_CALLS,
    find: "request.mayHaveArrived = true;",
    replace: "",
  },
];
