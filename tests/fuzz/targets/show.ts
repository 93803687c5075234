/**
 * Values and text from strangers as people see them.
 *
 * @module
 */
import { clip, escapeText, quoteText } from "../../../src/show/escape.ts";
import { showValue } from "../../../src/show/value.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { Digest } from "../digest.ts";
import { bombLength } from "../mixture.ts";
import { noiseLength, noiseText } from "../noise.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";
import { hostileValue } from "./hostile_value.ts";

/** Nothing that is shown may drive the terminal, whatever the value. */
export const showTargets: readonly Target[] = [
  {
    name: "escape",
    about: "escapeText, quoteText and clip",
    acceptsAll: true,
    make(random: SeededRandom) {
      const text = hostileText(random);
      const chars = random.below(40);
      return {
        size: 0,
        feed: (_sizes, lap) => escape(text, chars, lap),
        show: () => JSON.stringify(text.slice(0, 400)),
      };
    },
  },
  {
    name: "show",
    about: "showValue",
    acceptsAll: true,
    make(random: SeededRandom) {
      const value = hostileValue(random, (random) => hostileText(random));
      return { size: 0, feed: (_sizes, lap) => show(value, lap), show: () => showValue(value).slice(0, 400) };
    },
  },
];

function escape(text: string, chars: number, lap: () => void): Outcome {
  const escaped = escapeText(text);
  lap();
  checkHarmless("escapeText", escaped, CONTROL);
  checkHarmless("escapeText with line feeds", escapeText(text, { keepNewlines: true }), CONTROL_BUT_LF);
  if (escapeText(escaped) !== escaped) throw new BrokenRule("Escaped again it is another text");
  const quoted = quoteText(text);
  checkHarmless("quoteText", quoted, CONTROL);
  if (!/^"(?:[^"\\]|\\.)*"$/su.test(quoted)) {
    throw new BrokenRule(`Not one text in quotes: ${quoted.slice(0, 80)}`);
  }
  const clipped = clip(text, chars);
  if (clipped.length > chars + MAX_NOTE_CHARS) {
    throw new BrokenRule(`Clipped to ${chars} it has ${clipped.length} chars`);
  }
  return outcome(escaped + quoted + clipped);
}

function show(value: unknown, lap: () => void): Outcome {
  const plain = showValue(value);
  lap();
  checkHarmless("showValue", plain, CONTROL_BUT_LF);
  if (plain.length > MAX_SHOWN_CHARS) throw new BrokenRule(`Shown in ${plain.length} characters`);
  const coloured = showValue(value, { colors: true, stack: true });
  // What is left without the colours that Deno makes must be as harmless: a colour of the value's own is not.
  checkHarmless("showValue in colours", coloured.replace(COLOUR, ""), CONTROL_BUT_LF);
  return outcome(plain);
}

function checkHarmless(what: string, shown: string, hostile: RegExp): void {
  const at = shown.search(hostile);
  if (at === -1) return;
  throw new BrokenRule(`${what} let ${JSON.stringify(shown.slice(Math.max(0, at - 20), at + 20))} through`);
}

function outcome(text: string): Outcome {
  const digest = new Digest();
  digest.text(text);
  return { digest: digest.value, refused: [] };
}

function hostileText(random: SeededRandom): string {
  if (random.below(5) > 0) return noiseText(random, noiseLength(random), TELLING);
  return noiseText(random, 1 + random.below(3), TELLING).repeat(Math.min(bombLength(random), 20_000));
}

const TELLING = '"\\\x1b[]2J31m;\n\r\t\x07\x9b\u202e\u200b\ud800\udc00 abc…';
// Control and format characters, separators of lines, half pairs; TAB is harmless in a line.
const CONTROL = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\ufeff\p{Cs}]/u;
const CONTROL_BUT_LF = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\ufeff\p{Cs}]/u;
// deno-lint-ignore no-control-regex
const COLOUR = /\x1b\[\d{1,2}m/g;
/** `…(+1234567 chars)` */
const MAX_NOTE_CHARS = 20;
/** What an error or a value may take on the screen, with its escapes. */
const MAX_SHOWN_CHARS = 700_000;
