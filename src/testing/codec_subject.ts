/**
 * What the conformance kit for codecs is told about a codec.
 *
 * @module
 */
import { joinBytes } from "../join_bytes.ts";
import { isDeepStrictEqual } from "node:util";
import type { Codec, FrameLimit } from "../codec/codec.ts";
import { UsageTypeError } from "../errors.ts";
import { encodeEach } from "./codec_driver.ts";

/** Frames, and bytes that stand for them. */
export interface CodecSample<Frame> {
  /** The frames, in order. */
  frames: Frame[];
  /** Bytes that are read as these frames. Default: what `encode` gives for them, one after the other. */
  bytes?: Uint8Array;
  /**
   * For codecs that mind pauses (`quietMs`): behind how many of the bytes there is one each time, in ascending order.
   * Default: none, or without `bytes` one behind each frame.
   */
  pauses?: number[];
}

/** Bytes that break the rules of the format. */
export interface MalformedSample<Frame> {
  /** The bytes: one error, and what comes after it. */
  bytes: Uint8Array;
  /** The `code` of the `ProtocolError` they have to raise, exactly once. */
  code: string;
  /** Its `fatal`. */
  fatal: boolean;
  /** The frames that follow it in `bytes`. Default none. */
  then?: Frame[];
  /** See {@linkcode CodecSample.pauses}. Default none. */
  pauses?: number[];
}

/** A frame above the limit, and what comes after it. */
export interface TooLargeSample<Frame> {
  /** The limit that `make` is called with, in bytes. */
  maxFrameBytes: number;
  /** Bytes of a frame that is larger, and what comes after it. It has to raise `too_large`, exactly once. */
  bytes: Uint8Array;
  /** Whether that error is fatal. Default false. */
  fatal?: boolean;
  /** The frames that follow it in `bytes`. Default none. */
  then?: Frame[];
  /** See {@linkcode CodecSample.pauses}. Default none. */
  pauses?: number[];
  /** A frame that `encode` has to refuse with a `RangeError` under this limit. */
  frame?: Frame;
}

/** What `checkCodec` needs to know about a codec. */
export interface CodecCheck<Frame> {
  /** Makes a new codec, with the frame limit that it is given if any. */
  make: (options?: FrameLimit) => Codec<Frame>;
  /** Frames of every kind: empty, of one byte, with marks in them, long. At least one sample. */
  samples: CodecSample<Frame>[];
  /** Whether two frames are the same. Default: deep equality. */
  equal?: (one: Frame, other: Frame) => boolean;
  /** Frames above the limit. */
  tooLarge?: TooLargeSample<Frame>[];
  /** Bytes that are wrong. */
  malformed?: MalformedSample<Frame>[];
  /** Where frames begin and end has no meaning (`raw`), so only their bytes or text, joined, are compared. */
  streaming?: boolean;
  /** Bytes that, repeated for ever, never end a frame. Default: the letter A. */
  flood?: Uint8Array;
  /** What may wait in the buffer besides `maxFrameBytes`: marks, length, stuffing. Default 64 bytes. */
  overheadBytes?: number;
  /** Number of wrong inputs to try, in addition to `malformed`. Default 2000. */
  garbageInputs?: number;
  /** Seed of everything random. Default 1; equal seeds give equal runs. */
  seed?: number;
}

/** A check with every default filled in. */
export type CodecSubject<Frame> = Required<Omit<CodecCheck<Frame>, "samples">> & {
  samples: Required<CodecSample<Frame>>[];
  /** True when the codec asks to be told of pauses. */
  mindsPauses: boolean;
};

/**
 * Fills in the defaults.
 *
 * @throws {UsageTypeError} code `usage`: there is no sample.
 */
export function codecSubject<Frame>(check: CodecCheck<Frame>): CodecSubject<Frame> {
  if (!Array.isArray(check.samples) || check.samples.length === 0) {
    throw new UsageTypeError("Cannot check a codec with 0 samples: at least 1 is wanted");
  }
  const mindsPauses = check.make().decodeQuiet !== undefined;
  return {
    make: check.make,
    mindsPauses,
    samples: check.samples.map(({ frames, bytes, pauses }, index) => {
      if (bytes !== undefined) return { frames, bytes, pauses: pauses ?? [] };
      const encoded = encodeEach(check.make(), frames, `sample ${index}`);
      return { frames, bytes: joinBytes(encoded), pauses: pauses ?? (mindsPauses ? endsOf(encoded) : []) };
    }),
    equal: check.equal ?? isDeepStrictEqual,
    tooLarge: check.tooLarge ?? [],
    malformed: check.malformed ?? [],
    streaming: check.streaming ?? false,
    flood: check.flood ?? new TextEncoder().encode("A"),
    overheadBytes: check.overheadBytes ?? 64,
    garbageInputs: check.garbageInputs ?? 2000,
    seed: check.seed ?? 1,
  };
}

/** Where each of the pieces ends when they follow each other. */
export function endsOf(pieces: readonly Uint8Array[]): number[] {
  let end = 0;
  return pieces.map((piece) => end += piece.length);
}
