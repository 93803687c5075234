import { CALL_HEAD_BYTES, FrameType, HEAD_BYTES, LENGTH_BYTES, uint32At } from "./frame.ts";

/** A frame of ours among others, as it was written. */
export interface WrittenFrame {
  readonly bytes: Uint8Array;
  /** Where it begins in `bytes`. */
  readonly at: number;
  /** All of its bytes, the length field included. */
  readonly size: number;
  readonly type: number;
  readonly seq: number;
  readonly id: number;
}

/** The size of a frame whose length field has that value. */
export function frameSize(length: number): number {
  return LENGTH_BYTES + length;
}

/** The frame that begins at `at`. */
export function frameAt(bytes: Uint8Array, at: number): WrittenFrame {
  const size = frameSize(uint32At(bytes, at));
  return { bytes, at, size, type: bytes[at + 4], seq: uint32At(bytes, at + 6), id: uint32At(bytes, at + 10) };
}

/** All frames of `bytes`. */
export function allFrames(bytes: Uint8Array): WrittenFrame[] {
  const frames: WrittenFrame[] = [];
  for (let at = 0; at < bytes.length; at += frames[frames.length - 1].size) frames.push(frameAt(bytes, at));
  return frames;
}

/** Shows where each frame of `bytes` is. What is shown is only good during the call. */
export function eachFrame(
  bytes: Uint8Array,
  visit: (frame: { at: number; size: number; seq: number }) => void,
): void {
  const frame = { at: 0, size: 0, seq: 0 };
  for (let at = 0; at < bytes.length; at += frame.size) {
    frame.at = at;
    frame.size = frameSize(uint32At(bytes, at));
    frame.seq = uint32At(bytes, at + 6);
    visit(frame);
  }
}

/** True for frames that wait for an answer under their id. */
export function wantsAnswer({ type, id }: WrittenFrame): boolean {
  return type === FrameType.REQ || (type === FrameType.MSG && id !== 0);
}

/** A copy of a frame that carries another number and, where it says one, another remaining time. */
export function renumbered(frame: WrittenFrame, seq: number, remainingMs?: number): Uint8Array {
  const copy = frame.bytes.slice(frame.at, frame.at + frame.size);
  const view = new DataView(copy.buffer);
  view.setUint32(6, seq);
  if (remainingMs !== undefined && copy.length >= HEAD_BYTES + CALL_HEAD_BYTES) {
    // A wait without an end says 0, and stays so.
    if (view.getUint32(HEAD_BYTES) !== 0) view.setUint32(HEAD_BYTES, Math.max(1, Math.ceil(remainingMs)));
  }
  return copy;
}
