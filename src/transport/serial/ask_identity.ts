import { AnswerSearch, type WantedIdentity } from "./identity.ts";
import { IdentifiedLine } from "./identified_line.ts";
import type { SerialLine } from "./serial_line.ts";

/** What became of a question: the line of the device, or what was heard instead, if anything. */
export type Asked =
  | { readonly line: IdentifiedLine }
  | { readonly heard: string | undefined; readonly isOther: boolean };

/**
 * Asks whoever is at the other end of a line for its tag, again and again until it answers with the one that is wanted,
 * the time is over, or the signal is aborted. The line stays open either way; when it was not the one, it is good for
 * nothing but closing.
 */
export async function askIdentity(
  line: SerialLine,
  wanted: WantedIdentity,
  signal: AbortSignal,
): Promise<Asked> {
  const search = new AnswerSearch(wanted);
  const over = Promise.withResolvers<null>();
  const stop = () => over.resolve(null);
  let questions = 0;
  const since = performance.now();
  const ask = () => {
    questions++;
    line.write(wanted.question).catch(stop); // reading tells why
  };
  const again = setInterval(ask, AGAIN_MS);
  const deadline = setTimeout(stop, wanted.waitMs);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  else ask();
  try {
    for (;;) {
      const reading = line.read();
      reading.catch(() => {}); // when the time is over, nobody else waits for it
      const chunk = await Promise.race([over.promise, reading]);
      const found = chunk === null ? undefined : search.add(chunk);
      if (found !== undefined) {
        const { answer, rest } = found;
        const withinMs = performance.now() - since + AGAIN_MS;
        const { question, separator } = wanted;
        const awaited = questions - 1;
        return { line: new IdentifiedLine(line, separator, { answer, rest, awaited, withinMs, question }) };
      }
      if (chunk === null) return { heard: search.heard, isOther: search.isOther };
    }
  } finally {
    clearInterval(again);
    clearTimeout(deadline);
    signal.removeEventListener("abort", stop);
  }
}

/** A board that begins anew when its port is opened is deaf for up to 2 s: so it is asked more than once. */
const AGAIN_MS = 500;
