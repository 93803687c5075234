/**
 * Python pickles to plain data. A pickle is a program for a small machine with a stack; of its instructions only those
 * are obeyed that make plain data. Nothing is imported, called, or looked up by a name.
 *
 * @module
 */
import { PickleBytes } from "./pickle_bytes.ts";
import { badPickle, PickleRefusal, shownName, unsafePickle } from "./pickle_error.ts";
import {
  readFloatLine,
  readIndexLine,
  readIntLine,
  readLongLine,
  readQuotedLine,
  readUnicodeLine,
} from "./pickle_lines.ts";
import { PickleDict, PickleItems, type PickleNode, plainValue } from "./pickle_tree.ts";
import { MAX_PICKLE_VALUES, Op } from "./pickle_values.ts";

/**
 * The value of a pickle of protocol 0 to 5, when it is plain data, or why it is not read.
 *
 * | Python | here |
 * | --- | --- |
 * | `None`, `bool`, `str` | `null`, boolean, string |
 * | `int` | number, `bigint` beyond 53 bits |
 * | `float` | number (`1.0` and `1` are the same here) |
 * | `bytes`, `bytearray` | `Uint8Array` |
 * | `list`, `tuple` | array |
 * | `dict` | object without prototype when all keys are text, otherwise `Map` |
 * | `set`, `frozenset` | `Set` |
 *
 * Everything else names a class or a function and is refused; in protocols below 4 sets, and below 3 bytes, are so too.
 * Bytes behind the end are ignored, as Python does.
 *
 * @returns the value, or a {@linkcode PickleRefusal}: code `unsafe_pickle`, it names code; `bad_pickle`, it is broken,
 * holds itself, or exceeds a limit of `pickle_values.ts`.
 */
export function readPickle(bytes: Uint8Array): { readonly value: unknown } | PickleRefusal {
  if (bytes.length === 0) return NOTHING; // no machine is built for it: many of them fit into a read
  try {
    return { value: new PickleMachine(bytes).run() };
  } catch (refusal) {
    if (refusal instanceof PickleRefusal) return refusal;
    throw refusal;
  }
}

class PickleMachine {
  readonly #bytes: PickleBytes;
  readonly #stack: PickleNode[] = [];
  /** How high the stack was at each mark. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleNode>();
  #pushed = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = new PickleBytes(bytes);
  }

  run(): unknown {
    for (;;) {
      const op = this.#bytes.uint(1);
      if (op === Op.STOP) return plainValue(this.#pop());
      this.#obey(op);
    }
  }

  #obey(op: number): void {
    const bytes = this.#bytes;
    switch (op) {
      case Op.PROTO: {
        const protocol = bytes.uint(1);
        if (protocol > HIGHEST_PROTOCOL) {
          throw badPickle(`protocol ${protocol} is unknown, ${HIGHEST_PROTOCOL} is the last one known`);
        }
        return;
      }
      case Op.FRAME: {
        bytes.size(8); // only says how much could be read in one go
        return;
      }
      case Op.NONE:
        return this.#push(null);
      case Op.NEWTRUE:
        return this.#push(true);
      case Op.NEWFALSE:
        return this.#push(false);
      case Op.INT:
        return this.#push(readIntLine(bytes));
      case Op.BININT:
        return this.#push(bytes.int32());
      case Op.BININT1:
        return this.#push(bytes.uint(1));
      case Op.BININT2:
        return this.#push(bytes.uint(2));
      case Op.LONG:
        return this.#push(readLongLine(bytes));
      case Op.LONG1:
        return this.#push(bytes.int(bytes.size(1)));
      case Op.LONG4:
        return this.#push(bytes.int(bytes.size(4)));
      case Op.FLOAT:
        return this.#push(readFloatLine(bytes));
      case Op.BINFLOAT:
        return this.#push(bytes.float());
      case Op.STRING:
        return this.#push(readQuotedLine(bytes));
      case Op.BINSTRING:
        return this.#push(bytes.ascii(bytes.size(4)));
      case Op.SHORT_BINSTRING:
        return this.#push(bytes.ascii(bytes.size(1)));
      case Op.UNICODE:
        return this.#push(readUnicodeLine(bytes));
      case Op.SHORT_BINUNICODE:
        return this.#push(bytes.text(bytes.size(1)));
      case Op.BINUNICODE:
        return this.#push(bytes.text(bytes.size(4)));
      case Op.BINUNICODE8:
        return this.#push(bytes.text(bytes.size(8)));
      case Op.SHORT_BINBYTES:
        return this.#push(bytes.take(bytes.size(1)));
      case Op.BINBYTES:
        return this.#push(bytes.take(bytes.size(4)));
      case Op.BINBYTES8:
      case Op.BYTEARRAY8:
        return this.#push(bytes.take(bytes.size(8)));
      default:
        return this.#obeyContainer(op);
    }
  }

  #obeyContainer(op: number): void {
    switch (op) {
      case Op.MARK:
        return void this.#marks.push(this.#checkRoom(this.#stack.length));
      case Op.POP:
        if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
        else this.#pop();
        return;
      case Op.POP_MARK:
        return void this.#popMark();
      case Op.EMPTY_LIST:
        return this.#push(new PickleItems("list"));
      case Op.LIST:
        return this.#push(new PickleItems("list", this.#popMark()));
      case Op.APPEND: {
        const item = this.#pop();
        return void this.#items("list").push(item);
      }
      case Op.APPENDS:
        return this.#add("list", this.#popMark());
      case Op.EMPTY_TUPLE:
        return this.#push(new PickleItems("tuple"));
      case Op.TUPLE:
        return this.#push(new PickleItems("tuple", this.#popMark()));
      case Op.TUPLE1:
      case Op.TUPLE2:
      case Op.TUPLE3:
        return this.#tuple(op - Op.TUPLE1 + 1);
      case Op.EMPTY_SET:
        return this.#push(new PickleItems("set"));
      case Op.ADDITEMS:
        return this.#add("set", this.#popMark());
      case Op.FROZENSET:
        return this.#push(new PickleItems("frozenset", this.#popMark()));
      case Op.EMPTY_DICT:
        return this.#push(new PickleDict());
      case Op.DICT: {
        const items = this.#popMark();
        this.#push(new PickleDict());
        return this.#set(items);
      }
      case Op.SETITEM: {
        const value = this.#pop();
        const key = this.#pop();
        return this.#set([key, value]);
      }
      case Op.SETITEMS:
        return this.#set(this.#popMark());
      default:
        return this.#obeyMemo(op);
    }
  }

  #obeyMemo(op: number): void {
    const bytes = this.#bytes;
    switch (op) {
      case Op.MEMOIZE:
        return this.#remember(this.#memo.size);
      case Op.PUT:
        return this.#remember(readIndexLine(bytes));
      case Op.BINPUT:
        return this.#remember(bytes.uint(1));
      case Op.LONG_BINPUT:
        return this.#remember(bytes.uint(4));
      case Op.GET:
        return this.#recall(readIndexLine(bytes));
      case Op.BINGET:
        return this.#recall(bytes.uint(1));
      case Op.LONG_BINGET:
        return this.#recall(bytes.uint(4));
      default:
        return this.#refuse(op);
    }
  }

  /** What runs code, or is nothing at all. */
  #refuse(op: number): never {
    if (op === Op.GLOBAL || op === Op.INST) {
      const module = this.#bytes.line(MAX_NAME_BYTES);
      throw unsafePickle(`names ${shownName(`${module}.${this.#bytes.line(MAX_NAME_BYTES)}`)}`);
    }
    if (op === Op.STACK_GLOBAL) {
      const [name, module] = [this.#pop(), this.#pop()];
      if (typeof name === "string" && typeof module === "string") {
        throw unsafePickle(`names ${shownName(`${module}.${name}`)}`);
      }
    }
    const word = UNSAFE.get(op);
    if (word !== undefined) throw unsafePickle(word);
    const at = this.#bytes.at - 1;
    throw badPickle(`0x${op.toString(16).padStart(2, "0")} at byte ${at} is no instruction that is known`);
  }

  // ---- the stack

  #push(node: PickleNode): void {
    // A table takes the time and the memory of several values.
    this.#pushed += node instanceof PickleDict || (node instanceof PickleItems && node.kind === "set")
      ? 2
      : 1;
    if (this.#pushed > MAX_PICKLE_VALUES) {
      throw badPickle(`it holds more than ${MAX_PICKLE_VALUES} values`);
    }
    this.#stack.push(node);
  }

  #pop(): PickleNode {
    this.#needOne();
    return this.#stack.pop()!;
  }

  #top(): PickleNode {
    this.#needOne();
    return this.#stack.at(-1)!;
  }

  #needOne(): void {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw badPickle(`nothing is there for the instruction before byte ${this.#bytes.at}`);
    }
  }

  #popMark(): PickleNode[] {
    const mark = this.#marks.pop();
    if (mark === undefined) {
      throw badPickle(`no mark is there for the instruction before byte ${this.#bytes.at}`);
    }
    return this.#stack.splice(mark);
  }

  /** Marks take memory as values do. */
  #checkRoom(height: number): number {
    if (this.#marks.length >= MAX_PICKLE_VALUES) {
      throw badPickle(`it has more than ${MAX_PICKLE_VALUES} marks`);
    }
    return height;
  }

  // ---- lists, tuples, sets, dicts

  #tuple(count: number): void {
    const items: PickleNode[] = [];
    while (items.length < count) items.unshift(this.#pop());
    this.#push(new PickleItems("tuple", items));
  }

  #items(kind: "list" | "set"): PickleNode[] {
    const top = this.#top();
    if (top instanceof PickleItems && top.kind === kind) return top.items;
    throw badPickle(`no ${kind} is there for the items before byte ${this.#bytes.at}`);
  }

  #add(kind: "list" | "set", added: readonly PickleNode[]): void {
    const items = this.#items(kind);
    for (const item of added) items.push(item);
  }

  #set(items: readonly PickleNode[]): void {
    const top = this.#top();
    if (!(top instanceof PickleDict) || items.length % 2 !== 0) {
      throw badPickle(`no dict is there for the keys and values before byte ${this.#bytes.at}`);
    }
    for (let at = 0; at < items.length; at += 2) {
      top.keys.push(items[at]);
      top.values.push(items[at + 1]);
    }
  }

  // ---- the memo

  #remember(place: number): void {
    if (this.#memo.size >= MAX_PICKLE_VALUES) {
      throw badPickle(`it remembers more than ${MAX_PICKLE_VALUES} values`);
    }
    this.#memo.set(place, this.#top());
  }

  #recall(place: number): void {
    const node = this.#memo.get(place);
    if (node === undefined) throw badPickle(`nothing was remembered as ${place}`);
    this.#push(node);
  }
}

const NOTHING = Object.freeze(badPickle("it is empty"));
const HIGHEST_PROTOCOL = 5;
/** Longer names are shown cut off, and no module has one. */
const MAX_NAME_BYTES = 1000;
/** What is wanted by the instructions that are never obeyed. */
const UNSAFE: ReadonlyMap<number, string> = new Map([
  [Op.STACK_GLOBAL, "names a class or a function"],
  [Op.REDUCE, "calls a function"],
  [Op.BUILD, "sets the state of an object"],
  [Op.OBJ, "makes an object of a class"],
  [Op.NEWOBJ, "makes an object of a class"],
  [Op.NEWOBJ_EX, "makes an object of a class"],
  [Op.PERSID, "names an object outside of it"],
  [Op.BINPERSID, "names an object outside of it"],
  [Op.EXT1, "names a registered class"],
  [Op.EXT2, "names a registered class"],
  [Op.EXT4, "names a registered class"],
  [Op.NEXT_BUFFER, "wants a buffer that travels outside of it"],
  [Op.READONLY_BUFFER, "wants a buffer that travels outside of it"],
]);
