/**
 * The hand-written frame: u32 length, u32 id, payload; the length counts the payload.
 *
 * @module
 */

/** Bytes in front of the payload. */
export const RAW_HEAD_BYTES = 8;

/** What is called with each frame: its id, and where its payload is in `bytes`, which are good until it returns. */
export type OnFrame = (id: number, bytes: Uint8Array, at: number, length: number) => void;

/** Reads 64 KiB at a time until the end and hands over every frame; `afterRead` is called after those of a read. */
export async function readFrames(
  connection: Deno.Conn,
  onFrame: OnFrame,
  afterRead: () => void,
): Promise<void> {
  let bytes = new Uint8Array(READ_BYTES);
  let view = new DataView(bytes.buffer);
  let end = 0;
  for (;;) {
    const count = await connection.read(bytes.subarray(end));
    if (count === null) return;
    end += count;
    let at = 0;
    while (end - at >= RAW_HEAD_BYTES) {
      const length = view.getUint32(at);
      if (end - at < RAW_HEAD_BYTES + length) break;
      onFrame(view.getUint32(at + 4), bytes, at + RAW_HEAD_BYTES, length);
      at += RAW_HEAD_BYTES + length;
    }
    if (at === 0 && end === bytes.length) {
      const grown = new Uint8Array(bytes.length * 2);
      grown.set(bytes);
      bytes = grown;
      view = new DataView(bytes.buffer);
    }
    bytes.copyWithin(0, at, end);
    end -= at;
    afterRead();
  }
}

const READ_BYTES = 64 * 1024;
