/**
 * What a pickle has built, and the plain value that is made of it. A pickle may name one of its lists in many places,
 * a list inside of itself among them: only here it is known how large the whole is.
 *
 * @module
 */
import { badPickle, type PickleRefusal } from "./pickle_error.ts";
import { MAX_PICKLE_BYTES, MAX_PICKLE_DEPTH, MAX_PICKLE_VALUES } from "./pickle_values.ts";

/** What may lie on the stack of a pickle. */
export type PickleNode =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleItems
  | PickleDict;

/** A list, tuple, set or frozenset in the making. */
export class PickleItems {
  readonly kind: "list" | "tuple" | "set" | "frozenset";
  readonly items: PickleNode[];
  readonly made = new Made();

  /** @throws {PickleRefusal} it is nested deeper than {@linkcode MAX_PICKLE_DEPTH}. */
  constructor(kind: PickleItems["kind"], items: PickleNode[] = []) {
    this.kind = kind;
    this.items = items;
    // What is whole when it begins, as a tuple is, need not be built to be known as too deep.
    for (const item of items) {
      if (!(item instanceof PickleItems || item instanceof PickleDict)) continue;
      this.made.height = Math.max(this.made.height, item.made.height + 1);
    }
    if (this.made.height > MAX_PICKLE_DEPTH) throw tooDeep();
  }
}

/** A dict in the making; a key that stands there twice has its last value. */
export class PickleDict {
  readonly keys: PickleNode[] = [];
  readonly values: PickleNode[] = [];
  readonly made = new Made();
}

/** What became of a node: it is made once, wherever it stands. */
class Made {
  /** True while its parts are made. */
  isOpen = false;
  value: object | undefined;
  /** All values in it, and itself. */
  values = 0;
  /** All bytes of text and bytes in it. */
  bytes = 0;
  /** How deep it is nested: 1 for one that holds no other. */
  height = 1;
}

/**
 * The plain value of a node. Lists and tuples are arrays; dicts are objects without prototype when all keys are text,
 * and a `Map` otherwise; sets are a `Set`. What was one object in Python is one object here.
 *
 * @throws {PickleRefusal} code `bad_pickle`: it holds itself, is nested deeper than {@linkcode MAX_PICKLE_DEPTH}, or
 * holds more than {@linkcode MAX_PICKLE_VALUES} values or {@linkcode MAX_PICKLE_BYTES} bytes.
 */
export function plainValue(node: PickleNode): unknown {
  return new Making().make(node, 0);
}

class Making {
  #values = 0;
  #bytes = 0;
  /** How deep the node that was made last is nested. */
  #height = 0;

  make(node: PickleNode, depth: number): unknown {
    this.#height = 0;
    if (node instanceof PickleItems || node instanceof PickleDict) return this.#container(node, depth);
    // Text takes two bytes a character at most; what matters here is that it is not nothing.
    this.#count(1, typeof node === "string" || node instanceof Uint8Array ? node.length : 0);
    return node;
  }

  #container(node: PickleItems | PickleDict, depth: number): object {
    const { made } = node;
    if (made.isOpen) throw badPickle("it holds itself");
    if (depth + made.height > MAX_PICKLE_DEPTH) {
      throw tooDeep();
    }
    if (made.value === undefined) {
      made.isOpen = true;
      const [values, bytes] = [this.#values, this.#bytes];
      this.#count(1, 0);
      made.value = node instanceof PickleDict ? this.#dict(node, depth) : this.#items(node, depth);
      made.values = this.#values - values;
      made.bytes = this.#bytes - bytes;
      made.isOpen = false;
    } else {
      this.#count(made.values, made.bytes);
    }
    this.#height = made.height;
    return made.value;
  }

  #items({ kind, items, made }: PickleItems, depth: number): object {
    const array = items.map((item) => this.#part(made, item, depth));
    return kind === "list" || kind === "tuple" ? array : new Set(array);
  }

  #dict({ keys, values, made }: PickleDict, depth: number): object {
    if (keys.every(isName)) {
      const object: Record<string, unknown> = Object.create(null);
      keys.forEach((key, at) => {
        this.make(key, depth); // to be counted
        object[key] = this.#part(made, values[at], depth);
      });
      return object;
    }
    return new Map(
      keys.map((key, at) => [this.#part(made, key, depth), this.#part(made, values[at], depth)]),
    );
  }

  #part(made: Made, node: PickleNode, depth: number): unknown {
    const value = this.make(node, depth + 1);
    made.height = Math.max(made.height, this.#height + 1);
    return value;
  }

  #count(values: number, bytes: number): void {
    this.#values += values;
    this.#bytes += bytes;
    if (this.#values > MAX_PICKLE_VALUES) throw badPickle(`it holds more than ${MAX_PICKLE_VALUES} values`);
    if (this.#bytes > MAX_PICKLE_BYTES) {
      throw badPickle(`it holds more than ${MAX_PICKLE_BYTES} bytes of text and bytes`);
    }
  }
}

/** `__proto__` is no name of a member: on objects that are copied from ours it would change what they inherit. */
function isName(key: PickleNode): key is string {
  return typeof key === "string" && key !== "__proto__";
}

function tooDeep(): PickleRefusal {
  return badPickle(`it is nested deeper than ${MAX_PICKLE_DEPTH}`);
}
