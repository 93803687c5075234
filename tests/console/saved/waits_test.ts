import assert from "node:assert/strict";
import { type Client, createClient } from "../../../mod.ts";
import { TurnBook } from "../../../src/console/saved/turn_book.ts";
import { planWaits, type WaitPlan } from "../../../src/console/saved/waits.ts";

/** A session that is told step by step, on a clock of its own in milliseconds. */
class ToldSession {
  readonly link: Client;
  readonly book: TurnBook;
  now = 1_000_000;
  #inputs = 0;

  constructor(dialect: "lines" | "raw" = "lines") {
    this.link = createClient("memory://told", { dialect });
    this.book = new TurnBook((link) => link === this.link ? "psu" : undefined);
  }

  /** An input that takes `ms`. */
  input(
    does: { says?: boolean; opens?: boolean; fails?: boolean; ms?: number; hears?: unknown[] } = {},
  ): this {
    this.book.begin(this.now);
    if (does.opens) this.book.opened(this.link);
    if (does.says) this.says();
    for (const value of does.hears ?? []) this.hears(0, value);
    this.now += does.ms ?? 1;
    this.book.end(does.fails ? undefined : this.#inputs++, this.now);
    return this;
  }

  /** A message comes after `ms`. */
  hears(ms: number, value: unknown): this {
    this.now += ms;
    this.#note("in", value);
    return this;
  }

  /** Nothing happens for `ms`. */
  silent(ms: number): this {
    this.now += ms;
    return this;
  }

  says(): this {
    this.#note("out", "x");
    return this;
  }

  plan(mask: (text: string) => string = (text) => text): WaitPlan {
    return planWaits(this.book.turns(this.now), { ownWay: this.book.ownWay, mask });
  }

  /** The lines behind each input, by its number. */
  waits(): Record<number, readonly string[]> {
    return Object.fromEntries(this.plan().after);
  }

  #note(direction: "in" | "out", value: unknown): void {
    const traffic = { direction, bytes: 1, kind: "message", value } as const;
    this.book.note({ seq: 1, at: this.now, link: this.link, peer: this.link, traffic, isOwn: false });
  }
}

const opened = () => new ToldSession().input({ opens: true }).silent(900);

Deno.test("planWaits waits for an answer that came before the next input, also for the greeting", () => {
  const session = new ToldSession().input({ opens: true }).hears(30, "READY").silent(2000)
    .input({ says: true }).hears(38, "OK").silent(2000)
    .input({ says: true }).silent(2000);
  assert.deepEqual(session.waits(), {
    0: ['await psu.receive(); // "READY" came after 31 ms'],
    1: ['await psu.receive(); // "OK" came after 39 ms'],
  });
});

Deno.test("planWaits takes as many messages as came, those that came while the input ran too", () => {
  const session = opened().input({ says: true, hears: ["a", "b"] }).hears(5, "c").hears(5, "d").silent(2000);
  assert.deepEqual(session.waits(), {
    1: ['for (let left = 4; left > 0; left--) await psu.receive(); // "a", "b", "c", … came after 11 ms'],
  });
});

Deno.test("planWaits leaves out what an ask has taken, and takes what came on top of it", async () => {
  const session = opened();
  session.book.begin(session.now);
  const { promise, resolve } = Promise.withResolvers<void>();
  session.book.asks(session.link, promise);
  session.says().hears(40, "the answer").hears(0, "and more");
  resolve();
  await promise;
  session.book.end(1, session.now);
  assert.deepEqual(session.waits(), { 1: ['await psu.receive(); // "and more" came after 40 ms'] });
});

Deno.test("planWaits takes the answer to an ask that was given up for a message like any other", async () => {
  const session = opened();
  session.book.begin(session.now);
  const answer = Promise.reject(new Error("timeout"));
  session.book.asks(session.link, answer);
  await assert.rejects(answer);
  session.says();
  session.book.end(1, session.now);
  assert.deepEqual(session.hears(50, "late").silent(2000).waits(), {
    1: ['await psu.receive(); // "late" came after 50 ms'],
  });
});

Deno.test("planWaits counts bytes where the pieces that they come in mean nothing", () => {
  const session = new ToldSession("raw").input({ opens: true }).silent(900).input({ says: true });
  session.hears(10, new TextEncoder().encode("OK")).hears(10, new TextEncoder().encode("\r\n")).silent(900);
  assert.deepEqual(session.waits(), {
    1: [
      "for (let left = 4; left > 0;) left -= (await psu.receive()).length; " +
      '// Uint8Array(2) "OK", Uint8Array(2) "\\r\\n" came after 21 ms',
    ],
  });
});

Deno.test("planWaits is patient where the answer took long", () => {
  const session = opened().input({ says: true }).hears(45_000, "HOMED").silent(2000);
  assert.deepEqual(session.waits(), {
    1: ['await psu.receive({ timeoutMs: 136000 }); // "HOMED" came after 45.0 s'],
  });
});

Deno.test("planWaits has an answer wait behind the input after which it came, a late one too", () => {
  const session = opened().input({ says: true }).silent(900).input().hears(700, "DONE").silent(2000);
  assert.deepEqual(session.waits(), { 2: ['await psu.receive(); // "DONE" came after 701 ms'] });
});

Deno.test("planWaits puts an answer that came after a mistyped input behind the one before", () => {
  const session = opened().input({ says: true }).silent(200).input({ fails: true }).hears(100, "OK").silent(
    900,
  );
  assert.deepEqual(session.waits(), { 1: ['await psu.receive(); // "OK" came after 101 ms'] });
});

Deno.test("planWaits does not wait for answers to an input that failed after it had said something", () => {
  const session = opened().input({ says: true, fails: true }).hears(100, "OK").silent(900)
    .input().hears(10, "more").silent(900);
  assert.deepEqual(session.waits(), {});
});

Deno.test("planWaits leaves a link alone that talks unasked, and names it", async (t) => {
  const second = (session: ToldSession) => [1, 2, 3].forEach(() => session.hears(1000, "T 20.5"));
  await t.step("telemetry that goes on while the next inputs are typed", () => {
    const session = opened().input({ says: true });
    second(session);
    session.silent(400).input({ says: true });
    second(session);
    session.silent(400);
    assert.deepEqual([session.waits(), session.plan().talkers], [{}, ["psu"]]);
  });
  await t.step("messages after inputs that said nothing", () => {
    const session = opened().input({ says: true }).hears(20, "OK").silent(900)
      .input().hears(500, "beat").silent(900).input().hears(500, "beat").silent(900);
    assert.deepEqual([session.waits(), session.plan().talkers], [{}, ["psu"]]);
  });
  await t.step("more at once than anybody reads", () => {
    const session = opened().input({ says: true });
    for (let i = 0; i < 65; i++) session.hears(0, i);
    assert.deepEqual([session.silent(900).waits(), session.plan().talkers], [{}, ["psu"]]);
  });
});

Deno.test("planWaits keeps the waits of a slow answer in parts, once", () => {
  const session = opened().input({ says: true }).hears(1000, "10 %").hears(1000, "50 %").hears(1000, "DONE")
    .silent(400).input({ says: true }).hears(20, "OK").silent(900);
  assert.equal(session.plan().count, 2);
});

Deno.test("planWaits leaves a link alone whose messages typed code takes, or that a timer talks to", () => {
  const read = opened().input({ says: true }).hears(20, "OK").silent(900);
  read.book.goesItsOwnWay(read.link);
  assert.deepEqual([read.waits(), read.plan().talkers], [{}, []]);
  const driven = opened().input().says().hears(20, "OK").silent(900);
  assert.deepEqual(driven.waits(), {});
});

Deno.test("planWaits shows no secret and no control character in its comments, whole or cut", () => {
  const session = opened().input({ says: true }).hears(20, `${"x".repeat(30)}hunter2\n\x1b[2J\u2028`).silent(
    900,
  );
  const { after } = session.plan((text) => text.replaceAll("hunter2", "[secret PIN]"));
  const [line] = after.get(1)!;
  assert.match(line, /^await psu\.receive\(\); \/\/ "x{30}\[secret P…\(\+\d+ chars\) came after 21 ms$/);
});
