import type { FrameNote, Piece } from "./case.ts";
import { unpack } from "./msgpack.ts";
import { bytesHex, difference, hexBytes, type Saved, shown } from "./notation.ts";
import { bytesOf, HEAD_BYTES, isCall, isFrame, KEY_FLAG, kindOf, typeOf, TYPES } from "./pieces.ts";

/** A frame as it was written. */
interface Frame {
  readonly type: number;
  readonly kind: number;
  readonly seq: number;
  readonly id: number;
  readonly body: Uint8Array;
}

/** What a side has written on one link, cut into the magic and frames, and held against what the table expects. */
export class Written {
  /** The id of the last ACK; 0 before the first. Sides may acknowledge earlier than they must. */
  acked = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #items: (Uint8Array | Frame)[] = [];
  #magicSeen = false;
  readonly #anyTime: boolean;

  /** `anyTime`: real time passes, so that MSG and REQ may say that less, or a little more, of it remains. */
  constructor(anyTime = false) {
    this.#anyTime = anyTime;
  }

  /** Bytes that were written, in pieces of any size. */
  add(bytes: Uint8Array): void {
    this.#bytes = Uint8Array.from([...this.#bytes, ...bytes]);
    for (;;) {
      const size = this.#nextSize();
      if (size > this.#bytes.length) return;
      const item = this.#bytes.slice(0, size);
      this.#bytes = this.#bytes.slice(size);
      this.#take(item);
    }
  }

  /** How many whole items wait to be compared. */
  get size(): number {
    return this.#items.length;
  }

  /** True when the last item that waits is that frame. */
  endsWith(frame: FrameNote): boolean {
    const last = this.#items.at(-1);
    return last !== undefined && this.#compareItem(last, frame, new Map()) === undefined;
  }

  /** How what was written since the last call differs from `wanted`; `undefined` when it does not. */
  compare(wanted: readonly Piece[], saved: Saved): string | undefined {
    const items = this.#items.splice(0);
    let next = 0;
    for (const [at, piece] of wanted.entries()) {
      const where = `item ${at + 1} of ${wanted.length} written`;
      const found = next < items.length ? this.#compareItem(items[next], piece, saved) : "missing";
      if (found === undefined) next++;
      else if (isFrame(piece) && piece.optional === true) continue;
      else if (next >= items.length) return `${where} is missing: ${JSON.stringify(piece)}`;
      else return `${where} is ${told(items[next])}: ${found}`;
    }
    if (next < items.length) {
      return `${items.length - next} more items written, the first is ${told(items[next])}`;
    }
    return this.#bytes.length === 0 ? undefined : `half a frame was written: ${bytesHex(this.#bytes)}`;
  }

  /** Takes what was written since the last call for granted. */
  forget(): undefined {
    this.#items.length = 0;
  }

  #compareItem(got: Uint8Array | Frame, wanted: Piece, saved: Saved): string | undefined {
    if (got instanceof Uint8Array) {
      if (typeof wanted === "string" && bytesHex(hexBytes(wanted)) === bytesHex(got)) return undefined;
      return `wanted ${JSON.stringify(wanted)}`;
    }
    if (!isFrame(wanted)) return `wanted ${JSON.stringify(wanted)}`;
    const heads = { type: typeOf(wanted), kind: kindOf(wanted), seq: wanted.seq ?? 0, id: wanted.id ?? 0 };
    const { body: _body, ...head } = got;
    const found = difference(head, heads, saved);
    if (found !== undefined) return found;
    const hasTime = this.#anyTime && (wanted.ms ?? 0) > 0 && got.body.length >= 4;
    return compareBody(got, hasTime ? { ...wanted, ms: view(got.body).getUint32(0) } : wanted, saved);
  }

  #nextSize(): number {
    if (!this.#magicSeen) return 4;
    return this.#bytes.length < 4 ? 4 : Math.max(4 + view(this.#bytes).getUint32(0), HEAD_BYTES);
  }

  #take(item: Uint8Array): void {
    if (!this.#magicSeen) {
      this.#magicSeen = true;
      this.#items.push(item);
      return;
    }
    const data = view(item);
    const [type, kind, seq, id] = [item[4], item[5], data.getUint32(6), data.getUint32(10)];
    if (type !== TYPES.ACK) {
      this.#items.push({ type, kind, seq, id, body: item.slice(HEAD_BYTES) });
    } else {
      if (kind !== 0 || seq !== 0 || item.length !== HEAD_BYTES) throw new Error(`Bad ACK ${bytesHex(item)}`);
      this.acked = id;
    }
  }
}

function compareBody(got: Frame, wanted: FrameNote, saved: Saved): string | undefined {
  if (wanted.anyBytes !== undefined) {
    return got.body.length === wanted.anyBytes ? undefined : `wanted ${wanted.anyBytes} bytes`;
  }
  const { value, ...fixed } = wanted;
  const start = isCall(wanted) ? callHeadBytes(got) : 0;
  const payload = got.body.subarray(start);
  const isPacked = "value" in wanted && (kindOf(wanted) & 0x0f) === 1;
  const given = isPacked ? [...got.body.subarray(0, start)] : [...got.body];
  const expected = [...bytesOf([{ ...(isPacked ? fixed : wanted), kind: 0 }], saved).subarray(HEAD_BYTES)];
  if (given.join() !== expected.join()) {
    return `its body is ${bytesHex(Uint8Array.from(given))}, wanted ${bytesHex(Uint8Array.from(expected))}`;
  }
  // Two writers may order the keys of a map differently, so that msgpack is compared by its value.
  return isPacked ? difference(unpack(payload), value, saved) : undefined;
}

/** Bytes of the body of MSG or REQ before the payload. */
function callHeadBytes({ type, kind, body }: Frame): number {
  const nameEnd = 5 + body[4];
  return type === TYPES.REQ && (kind & KEY_FLAG) !== 0 ? nameEnd + 1 + body[nameEnd] : nameEnd;
}

function told(item: Uint8Array | Frame): string {
  if (item instanceof Uint8Array) return bytesHex(item);
  const name = Object.keys(TYPES).find((key) => TYPES[key] === item.type) ?? `type ${item.type}`;
  let value = "";
  try {
    const start = item.type === TYPES.MSG || item.type === TYPES.REQ ? callHeadBytes(item) : 0;
    if ((item.kind & 0x0f) === 1) value = ` = ${shown(unpack(item.body.subarray(start)))}`;
  } catch {
    // told without its value
  }
  return `${name} kind ${item.kind} seq ${item.seq} id ${item.id} body ${
    bytesHex(item.body).slice(0, 300)
  }${value}`;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
