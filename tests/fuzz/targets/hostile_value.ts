import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { noiseBytes } from "../noise.ts";

/** A value that a stranger, or a careless program, may hand over to be shown. `text` makes the texts in it. */
export function hostileValue(
  random: SeededRandom,
  text: (random: SeededRandom) => string,
  depth = 0,
): unknown {
  const next = () => hostileValue(random, text, depth + 1);
  switch (random.below(depth < 3 ? 18 : 9)) {
    case 0:
      return text(random);
    case 1:
      return random.pick([0, -0, NaN, Infinity, 1e21, 2n ** 64n, null, undefined, true]);
    case 2:
      return noiseBytes(random, random.below(200), [0x1b, 0x41, 0x0a, 0x9b, 0xc2]);
    case 3:
      return new Date(random.pick([0, NaN, 8.64e15]));
    case 4:
      return Symbol(text(random));
    case 5:
      return random.pick([new RegExp("\x1b\\[2J"), new URL("http://x/%1b"), new Uint16Array([27, 155])]);
    case 6: // a name that is looked at before anything else
      return Object.defineProperty(() => 0, "name", { value: text(random) });
    case 7: { // a class of that name
      const made = new (class Stranger {})();
      Object.defineProperty(made.constructor, "name", { value: text(random) });
      return made;
    }
    case 8:
      return {
        get [text(random)]() {
          throw new Error("a getter ran");
        },
      };
    case 9:
      return Array.from({ length: random.below(6) }, next);
    case 10:
      return Object.fromEntries(Array.from({ length: random.below(5) }, () => [text(random), next()]));
    case 11:
      return new Map(Array.from({ length: random.below(4) }, () => [next(), next()]));
    case 12:
      return new Set(Array.from({ length: random.below(4) }, next));
    case 13: {
      const error = new Error(text(random), { cause: next() });
      Object.assign(error, { code: text(random), outcome: text(random) });
      if (random.below(2) === 0) Object.defineProperty(error, "name", { value: text(random) });
      if (random.below(4) === 0) {
        Object.defineProperty(error, "stack", { value: `${text(random)}\n    at ${text(random)}` });
      }
      return error;
    }
    case 14:
      return { [Symbol.toStringTag]: text(random), value: next() };
    case 15:
      return new Proxy({}, {
        get() {
          throw new Error("a proxy was asked");
        },
      });
    case 16: {
      const ring: unknown[] = [next()];
      ring.push(ring);
      return ring;
    }
    default:
      return Object.assign(Object.create(null), { [text(random)]: next() });
  }
}
