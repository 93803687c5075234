import assert from "node:assert/strict";
import { type Codec, type FrameLimit, frameTooLarge } from "../../src/codec/codec.ts";
import { raw } from "../../src/codec/raw.ts";
import { ProtocolError, UsageRangeError } from "../../src/errors.ts";
import type { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec, type CodecCheck, CodecRuleError } from "../../src/testing/check_codec.ts";

const DOT = ".".charCodeAt(0);

/** A right codec to break: frames end with a dot, those that hold "?" are wrong. */
class Dots implements Codec<Uint8Array> {
  readonly maxFrameBytes: number;
  dropping = false;

  constructor({ maxFrameBytes = 1000 }: FrameLimit = {}) {
    this.maxFrameBytes = maxFrameBytes;
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    const end = buffer.indexOf(DOT);
    const length = end === -1 ? buffer.length : end;
    if (this.dropping) {
      buffer.skip(end === -1 ? length : end + 1);
      this.dropping = end === -1;
      return end === -1 ? undefined : this.decode(buffer);
    }
    if (length > this.maxFrameBytes) {
      buffer.skip(end === -1 ? length : end + 1);
      this.dropping = end === -1;
      throw frameTooLarge(this.maxFrameBytes + 1, this.maxFrameBytes, { fatal: false });
    }
    if (end === -1) return undefined;
    const frame = buffer.take(length);
    buffer.skip(1);
    if (frame.includes("?".charCodeAt(0))) {
      throw new ProtocolError("question", "Frame asks", { fatal: false });
    }
    return frame;
  }

  encode(frame: Uint8Array): Uint8Array {
    if (frame.length > this.maxFrameBytes) throw new UsageRangeError("Cannot encode a frame above the limit");
    return Uint8Array.of(...frame, DOT);
  }

  fresh(): Codec<Uint8Array> {
    return new Dots({ maxFrameBytes: this.maxFrameBytes });
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const GOOD: CodecCheck<Uint8Array> = {
  make: (options) => new Dots(options),
  samples: [
    { frames: [bytes("abc")] },
    { frames: [bytes("abc"), bytes(""), bytes("defgh")], bytes: bytes("abc..defgh.") },
  ],
  malformed: [{ bytes: bytes("wh?t.ok."), code: "question", fatal: false, then: [bytes("ok")] }],
  tooLarge: [{ maxFrameBytes: 3, bytes: bytes("abcde.ok."), then: [bytes("ok")], frame: bytes("abcde") }],
  overheadBytes: 0,
};

const STREAM: Partial<CodecCheck<Uint8Array>> = {
  make: raw,
  samples: [{ frames: [bytes("abc"), bytes("d")], bytes: bytes("abcd") }],
  streaming: true,
  malformed: [],
  tooLarge: [],
};

function ruleBrokenBy(check: Partial<CodecCheck<Uint8Array>>): string {
  try {
    checkCodec({ ...GOOD, ...check });
  } catch (error) {
    assert.ok(error instanceof CodecRuleError, String(error));
    assert.ok(error.message.startsWith(`Codec breaks the rule "${error.rule}": `), error.message);
    return error.rule;
  }
  return "none";
}

/** The rule that a codec breaks that differs from the right one as given. */
function ruleBrokenIn(change: (right: Dots) => Partial<Codec<Uint8Array>>): string {
  const make = (options?: FrameLimit): Codec<Uint8Array> => {
    const right = new Dots(options);
    return {
      decode: (buffer) => right.decode(buffer),
      encode: (frame) => right.encode(frame),
      fresh: () => make(options),
      ...change(right),
    };
  };
  return ruleBrokenBy({ make });
}

Deno.test("checkCodec passes a codec that keeps the contract", () => {
  assert.equal(ruleBrokenBy({}), "none");
  assert.equal(ruleBrokenBy(STREAM), "none");
});

Deno.test("checkCodec refuses to check without samples", () => {
  assert.throws(() => checkCodec({ ...GOOD, samples: [] }), {
    name: "TypeError",
    code: "usage",
    message: /0 samples/,
  });
});

Deno.test("checkCodec takes the given equal for frames that deep equality cannot compare", () => {
  const make = (): Codec<() => string> => {
    const right = new Dots();
    return {
      decode(buffer) {
        const frame = right.decode(buffer);
        return frame && (() => new TextDecoder().decode(frame));
      },
      encode: (frame) => right.encode(bytes(frame())),
    };
  };
  const samples = [{ frames: [() => "a", () => "bc"] }];
  assert.throws(() => checkCodec({ make, samples, flood: bytes("a.") }), { rule: "whole" });
  checkCodec({ make, samples, flood: bytes("a."), equal: (one, other) => one() === other() });
});

Deno.test("checkCodec names the sample, the cut, and both frames in its message", () => {
  assert.throws(
    () => checkCodec({ ...GOOD, samples: [...GOOD.samples, { frames: [bytes("x")], bytes: bytes("y.") }] }),
    (error: CodecRuleError) => {
      assert.match(error.message, /"whole": sample 2, cut 2: wanted .* 120 .*, got 1: .* 121 /);
      return true;
    },
  );
});

Deno.test("checkCodec fails in the same words in every run", () => {
  const broken: Partial<CodecCheck<Uint8Array>> = {
    make: () => new Dots({ maxFrameBytes: 40 }),
    tooLarge: [],
  };
  const messages = [1, 2].map(() => {
    try {
      checkCodec({ ...GOOD, ...broken, samples: [{ frames: [bytes("a".repeat(50))], bytes: bytes("a") }] });
    } catch (error) {
      return (error as Error).message;
    }
  });
  assert.ok(messages[0]);
  assert.equal(messages[0], messages[1]);
});

Deno.test("checkCodec finds frames that differ from the sample", () => {
  assert.equal(ruleBrokenIn((right) => ({ decode: (buffer) => right.decode(buffer)?.subarray(1) })), "whole");
});

Deno.test("checkCodec finds a frame that waits for bytes of the next one", () => {
  const late = (right: Dots): Partial<Codec> => ({
    decode: (buffer) => buffer.length > buffer.indexOf(DOT) + 1 ? right.decode(buffer) : undefined,
  });
  assert.equal(ruleBrokenIn(late), "whole");
});

Deno.test("checkCodec finds a scan that resumes one byte too late", () => {
  const broken = (right: Dots): Partial<Codec> => {
    let scanned = 0;
    return {
      decode(buffer) {
        if (buffer.indexOf(DOT, Math.min(scanned, buffer.length)) === -1) {
          scanned = buffer.length + 1;
          return undefined;
        }
        scanned = 0;
        return right.decode(buffer);
      },
    };
  };
  assert.equal(ruleBrokenIn(broken), "byte by byte");
});

Deno.test("checkCodec finds a codec that only some cuts mislead", () => {
  const broken = (right: Dots): Partial<Codec> => {
    let seen = 0;
    return {
      decode(buffer) {
        const fresh = buffer.length - seen;
        if (fresh === 2 && seen === 1 && buffer.indexOf(DOT) === -1) buffer.skip(1);
        const frame = right.decode(buffer);
        seen = buffer.length;
        return frame;
      },
    };
  };
  assert.equal(ruleBrokenIn(broken), "random splits");
});

Deno.test("checkCodec finds a codec that works once", () => {
  const make = (options?: FrameLimit): Codec => {
    const right = new Dots(options);
    let done = false;
    return {
      decode(buffer) {
        const frame = done ? undefined : right.decode(buffer);
        done ||= frame !== undefined;
        return frame;
      },
      encode: (frame) => right.encode(frame),
    };
  };
  assert.equal(ruleBrokenBy({ samples: [GOOD.samples[0]], make }), "back to back");
});

Deno.test("checkCodec finds a codec that drops the bytes behind a frame", () => {
  const make = (options?: FrameLimit): Codec => {
    const right = new Dots(options);
    return {
      decode(buffer) {
        const frame = right.decode(buffer);
        if (frame !== undefined && buffer.indexOf(DOT) === -1) buffer.skip(buffer.length);
        return frame;
      },
      encode: (frame) => right.encode(frame),
    };
  };
  assert.equal(ruleBrokenBy({ samples: [GOOD.samples[0]], make }), "trailing bytes");
});

Deno.test("checkCodec finds an end of the stream that is no plain truncation", () => {
  const broken = (): Partial<Codec> => ({
    decodeEnd(buffer) {
      if (buffer.length > 0) throw new ProtocolError("odd_end", "Stream ended oddly");
      return undefined;
    },
  });
  assert.equal(ruleBrokenIn(broken), "cut off");
});

Deno.test("checkCodec allows a last frame that ends with the stream", () => {
  const lenient = (): Partial<Codec> => ({
    decodeEnd: (buffer) => buffer.length > 0 ? buffer.take(buffer.length) : undefined,
  });
  assert.equal(ruleBrokenIn(lenient), "none");
});

Deno.test("checkCodec finds a frame that is a view into the buffer", () => {
  const broken = (): Partial<Codec> => ({
    decode(buffer) {
      const end = buffer.indexOf(DOT);
      if (end === -1) return undefined;
      const frame = buffer.peek(end);
      buffer.skip(end + 1);
      return frame;
    },
  });
  assert.equal(ruleBrokenIn(broken), "frames own their memory");
});

Deno.test("checkCodec finds codecs that share their state", () => {
  const shared = { scanned: 0 };
  const broken = (): Partial<Codec> => ({
    decode(buffer) {
      const end = buffer.indexOf(DOT, Math.min(shared.scanned, buffer.length));
      shared.scanned = end === -1 ? buffer.length : 0;
      if (end === -1) return undefined;
      const frame = buffer.take(end);
      buffer.skip(1);
      return frame;
    },
  });
  assert.equal(ruleBrokenIn(broken), "independent codecs");
});

Deno.test("checkCodec finds a codec that keeps state for one connection and has no fresh", () => {
  const scanning = (): Partial<Codec> => {
    let scanned = 0;
    return {
      decode(buffer) {
        const end = buffer.indexOf(DOT, Math.min(scanned, buffer.length));
        scanned = end === -1 ? buffer.length : 0;
        if (end === -1) return undefined;
        const frame = buffer.take(end);
        buffer.skip(1);
        return frame;
      },
    };
  };
  assert.equal(ruleBrokenIn(() => ({ ...scanning(), fresh: undefined })), "fresh");
  assert.equal(ruleBrokenBy({ make: raw, ...STREAM }), "none", "one without state needs no fresh");
});

Deno.test("checkCodec finds a fresh codec with other settings", () => {
  assert.equal(ruleBrokenIn(() => ({ fresh: () => new Dots() })), "fresh", "another limit");
  const twoDots = (): Codec =>
    Object.assign(new Dots(), { encode: (frame: Uint8Array) => bytes(`${frame}..`) });
  assert.equal(ruleBrokenIn(() => ({ fresh: twoDots })), "fresh", "other bytes");
});

Deno.test("checkCodec finds encoded bytes that the next call writes over", () => {
  const broken = (right: Dots): Partial<Codec> => {
    const pool = new Uint8Array(1024);
    return {
      encode(frame) {
        const encoded = right.encode(frame);
        pool.set(encoded);
        return pool.subarray(0, encoded.length);
      },
    };
  };
  assert.equal(ruleBrokenIn(broken), "encoded bytes own their memory");
});

Deno.test("checkCodec finds encoded bytes that are the frame itself", () => {
  const frame = bytes("abc");
  const make = (options?: FrameLimit) => Object.assign(raw(options), { encode: (same: Uint8Array) => same });
  assert.equal(
    ruleBrokenBy({ ...STREAM, make, samples: [{ frames: [frame] }] }),
    "encoded bytes own their memory",
  );
  assert.deepEqual(frame, bytes("abc"), "the sample is left as it was");
});

Deno.test("checkCodec finds an encode that decode does not read back", () => {
  const broken = { encode: (frame: Uint8Array) => Uint8Array.of(...frame, ",".charCodeAt(0)) };
  const samples = [{ frames: [bytes("abc")], bytes: bytes("abc.") }];
  assert.equal(
    ruleBrokenBy({ samples, make: (options) => Object.assign(new Dots(options), broken) }),
    "round trip",
  );
});

Deno.test("checkCodec finds an encode that gives no single array, or throws", () => {
  const list = { encode: (frame: Uint8Array) => [frame, bytes(".")] as unknown as Uint8Array };
  assert.equal(ruleBrokenIn(() => list), "encode gives one array");
  const nothing = {
    encode: () => {
      throw new Error("no");
    },
  };
  assert.equal(ruleBrokenIn(() => nothing), "encode takes every sample");
});

Deno.test("checkCodec finds malformed bytes with another error, or none", () => {
  const sample = { bytes: bytes("wh?t.ok."), code: "question", fatal: false, then: [bytes("ok")] };
  const wrong = [
    { ...sample, code: "answer" },
    { ...sample, fatal: true },
    { ...sample, then: [] },
    { ...sample, bytes: bytes("what.ok.") },
    { ...sample, bytes: bytes("wh?t.wh?t.ok.") },
  ];
  for (const malformed of wrong) assert.equal(ruleBrokenBy({ malformed: [malformed] }), "malformed");
});

Deno.test("checkCodec finds a limit that is not kept as the sample says", () => {
  const sample = { maxFrameBytes: 3, bytes: bytes("abcde.ok."), then: [bytes("ok")] };
  assert.equal(ruleBrokenBy({ tooLarge: [{ ...sample, fatal: true }] }), "too large");
  assert.equal(ruleBrokenBy({ tooLarge: [{ ...sample, maxFrameBytes: 5 }] }), "too large");
  assert.equal(ruleBrokenBy({ tooLarge: [{ ...sample, then: [] }] }), "too large");
});

Deno.test("checkCodec finds an overlong frame that is refused at its end only", () => {
  const broken = (right: Dots): Partial<Codec> => ({
    decode: (buffer) => buffer.indexOf(DOT) === -1 ? undefined : right.decode(buffer),
  });
  assert.equal(ruleBrokenIn(broken), "refused early");
});

Deno.test("checkCodec finds a codec that keeps whatever comes", () => {
  const make = (): Codec => new Dots({ maxFrameBytes: 1_000_000 });
  assert.equal(ruleBrokenBy({ make, tooLarge: [] }), "bounded");
  assert.equal(ruleBrokenBy({ make, tooLarge: [], flood: bytes("ab.") }), "none");
});

Deno.test("checkCodec finds an encode that takes a frame above the limit", () => {
  const anything = { encode: (frame: Uint8Array) => Uint8Array.of(...frame, DOT) };
  assert.equal(ruleBrokenIn(() => anything), "encode refuses");
  const wrongError = (right: Dots): Partial<Codec> => ({
    encode(frame) {
      if (frame.length > right.maxFrameBytes) throw new TypeError("too large");
      return right.encode(frame);
    },
  });
  assert.equal(ruleBrokenIn(wrongError), "encode refuses");
});

Deno.test("checkCodec finds an error that depends on how wrong bytes were cut", () => {
  const broken = (right: Dots): Partial<Codec> => ({
    decode(buffer) {
      if (buffer.length >= 4 && buffer.byteAt(0) >= 0x80) {
        buffer.skip(1);
        throw new ProtocolError("early", "Frame begins with 80 or more", { fatal: false });
      }
      return right.decode(buffer);
    },
  });
  assert.equal(ruleBrokenIn(broken), "garbage");
});

Deno.test("checkCodec finds an error that is no ProtocolError", () => {
  const broken = (right: Dots): Partial<Codec> => ({
    decode(buffer) {
      const frame = right.decode(buffer);
      if (frame?.[0] === 0xee) throw new RangeError("EE");
      return frame;
    },
  });
  assert.equal(ruleBrokenIn(broken), "only ProtocolError");
});

Deno.test("checkCodec stops a codec that gives frames or errors for ever", () => {
  assert.equal(
    ruleBrokenIn(() => ({ decode: (buffer) => buffer.length > 0 ? buffer.peek(1) : undefined })),
    "progress",
  );
  const complaining = (): Partial<Codec> => ({
    decode(buffer) {
      if (buffer.length > 0) throw new ProtocolError("again", "Again", { fatal: false });
      return undefined;
    },
  });
  assert.equal(ruleBrokenIn(complaining), "progress");
  assert.equal(ruleBrokenIn(() => ({ decode: () => bytes("") })), "progress");
});

Deno.test("checkCodec finds a codec that takes more bytes than there are", () => {
  const broken = (right: Dots): Partial<Codec> => ({
    decode(buffer) {
      const frame = right.decode(buffer);
      if (frame !== undefined) buffer.skip(2);
      return frame;
    },
  });
  assert.equal(ruleBrokenIn(broken), "progress");
});

Deno.test("checkCodec finds a codec that says undefined with a frame in hand", () => {
  const broken = (right: Dots): Partial<Codec> => {
    let turn = 0;
    return { decode: (buffer) => turn++ % 2 === 0 ? undefined : right.decode(buffer) };
  };
  assert.equal(ruleBrokenIn(broken), "undefined means more bytes");
});

/** A right codec to break that minds pauses: frames end where the line is quiet. */
class Quiet implements Codec<Uint8Array> {
  readonly quietMs: number = 10;
  readonly maxFrameBytes: number;
  dropping = false;

  constructor({ maxFrameBytes = 1000 }: FrameLimit = {}) {
    this.maxFrameBytes = maxFrameBytes;
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    if (!this.dropping && buffer.length <= this.maxFrameBytes) return undefined;
    buffer.skip(buffer.length);
    if (this.dropping) return undefined;
    this.dropping = true;
    throw frameTooLarge(this.maxFrameBytes + 1, this.maxFrameBytes, { fatal: false });
  }

  decodeQuiet(buffer: ReceiveBuffer): Uint8Array | undefined {
    this.dropping = false;
    return buffer.length === 0 ? undefined : buffer.take(buffer.length);
  }

  decodeEnd(buffer: ReceiveBuffer): Uint8Array | undefined {
    return this.decodeQuiet(buffer);
  }

  encode(frame: Uint8Array): Uint8Array {
    if (frame.length > this.maxFrameBytes) throw new UsageRangeError("Cannot encode a frame above the limit");
    return new Uint8Array(frame);
  }

  fresh(): Codec<Uint8Array> {
    return new Quiet({ maxFrameBytes: this.maxFrameBytes });
  }
}

const PAUSED: Partial<CodecCheck<Uint8Array>> = {
  make: (options) => new Quiet(options),
  samples: [
    { frames: [bytes("abc"), bytes("d")] },
    { frames: [bytes("ab"), bytes("cd")], bytes: bytes("abcd"), pauses: [2, 4] },
    { frames: [bytes("abcd")], bytes: bytes("abcd"), pauses: [4] },
  ],
  malformed: [],
  tooLarge: [{
    maxFrameBytes: 3,
    bytes: bytes("abcdeok"),
    pauses: [5, 7],
    then: [bytes("ok")],
    frame: bytes("abcd"),
  }],
};

/** The rule that a codec breaks that minds pauses in another way than the right one. */
function ruleBrokenInPauses(change: (right: Quiet) => Partial<Codec<Uint8Array>>): string {
  const make = (options?: FrameLimit): Codec<Uint8Array> => {
    const right = new Quiet(options);
    return {
      quietMs: 10,
      decode: (buffer) => right.decode(buffer),
      decodeQuiet: (buffer) => right.decodeQuiet(buffer),
      decodeEnd: (buffer) => right.decodeEnd(buffer),
      encode: (frame) => right.encode(frame),
      fresh: () => make(options),
      ...change(right),
    };
  };
  return ruleBrokenBy({ ...PAUSED, make });
}

Deno.test("checkCodec passes a codec that minds pauses", () => {
  assert.equal(ruleBrokenBy(PAUSED), "none");
  assert.equal(ruleBrokenInPauses(() => ({})), "none");
});

Deno.test("checkCodec finds a quiet time without its method, the method without its time, and no time at all", () => {
  assert.equal(ruleBrokenInPauses(() => ({ quietMs: undefined })), "quiet time");
  assert.equal(ruleBrokenInPauses(() => ({ decodeQuiet: undefined })), "quiet time");
  for (const quietMs of [0, 1.5, Infinity]) {
    assert.equal(ruleBrokenInPauses(() => ({ quietMs })), "quiet time");
  }
  assert.equal(ruleBrokenInPauses((right) => ({ quietMs: 20, fresh: () => right.fresh() })), "quiet time");
});

Deno.test("checkCodec finds a frame that silence alone has ended", () => {
  const twice = (right: Quiet): Partial<Codec> => {
    let quiet = 0;
    return {
      decode(buffer) {
        if (buffer.length > 0) quiet = 0;
        return right.decode(buffer);
      },
      // Ends a frame in the middle of nothing: an empty one at the second pause.
      decodeQuiet: (buffer) => right.decodeQuiet(buffer) ?? (++quiet === 3 ? bytes("") : undefined),
    };
  };
  assert.equal(ruleBrokenInPauses(twice), "silence");
});

Deno.test("checkCodec finds a codec that takes each chunk for a frame, instead of each pause", () => {
  const hasty = (right: Quiet): Partial<Codec> => {
    let seen = 0;
    return {
      decode(buffer) {
        if (seen > 0 && buffer.length > seen) {
          const frame = buffer.take(seen);
          seen = 0;
          return frame;
        }
        seen = buffer.length;
        return right.decode(buffer);
      },
      decodeQuiet(buffer) {
        seen = 0;
        return right.decodeQuiet(buffer);
      },
    };
  };
  assert.equal(ruleBrokenInPauses(hasty), "byte by byte");
});

Deno.test("checkCodec finds a pause that is forgotten, and one that leaves frames behind", () => {
  assert.equal(ruleBrokenInPauses(() => ({ decodeQuiet: () => undefined })), "silence");
  const late = (right: Quiet): Partial<Codec> => {
    let quiet = false;
    return {
      decode(buffer) {
        if (!quiet) return right.decode(buffer);
        quiet = false;
        return right.decodeQuiet(buffer);
      },
      decodeQuiet: () => void (quiet = true),
    };
  };
  assert.equal(ruleBrokenInPauses(late), "undefined means more bytes");
});

Deno.test("checkCodec finds pauses that another codec has heard of", () => {
  let dropping = false;
  const shared = (right: Quiet): Partial<Codec> => ({
    decode(buffer) {
      right.dropping = dropping;
      try {
        return right.decode(buffer);
      } finally {
        dropping = right.dropping;
      }
    },
    decodeQuiet(buffer) {
      dropping = false;
      return right.decodeQuiet(buffer);
    },
  });
  assert.notEqual(ruleBrokenInPauses(shared), "none");
});
