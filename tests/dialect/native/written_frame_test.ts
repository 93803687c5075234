import assert from "node:assert/strict";
import {
  allFrames,
  eachFrame,
  frameAt,
  renumbered,
  wantsAnswer,
} from "../../../src/dialect/native/written_frame.ts";
import { toHex } from "../conversation.ts";
import { ascii, call, frame, fromHex, numbered } from "./wire.ts";

const [PING, ACK, MSG, REQ, RES, CANCEL, PART] = [4, 6, 7, 8, 9, 11, 17];

const plain = frame(MSG, 3, 0, call(0, "", ascii("hi")));
const request = numbered(7, REQ, 0, 0xfffffffe, call(1000, "time"));
const answer = numbered(0xffffffff, RES, 0, 3);

Deno.test("allFrames and eachFrame find every frame, and none in nothing", () => {
  const bytes = fromHex(plain + request + answer);
  const found = allFrames(bytes).map(({ at, size, type, seq, id }) => [at, size, type, seq, id]);
  const ends = [plain.length / 2, (plain + request).length / 2];
  assert.deepEqual(found, [
    [0, plain.length / 2, MSG, 0, 0],
    [ends[0], request.length / 2, REQ, 7, 0xfffffffe],
    [ends[1], 14, RES, 0xffffffff, 3],
  ]);
  const visited: number[][] = [];
  eachFrame(bytes, ({ at, size, seq }) => visited.push([at, size, seq]));
  assert.deepEqual(visited, found.map(([at, size, , seq]) => [at, size, seq]));
  assert.deepEqual(allFrames(new Uint8Array(0)), []);
  eachFrame(new Uint8Array(0), () => assert.fail("there is none"));
});

Deno.test("wantsAnswer is true for requests, and for messages with an id", () => {
  const wants = (type: number, id: number) =>
    wantsAnswer(frameAt(fromHex(frame(type, 0, id, call(0, ""))), 0));
  assert.deepEqual([wants(REQ, 1), wants(REQ, 0), wants(MSG, 1), wants(MSG, 0)], [true, true, true, false]);
  for (const type of [PING, ACK, RES, CANCEL, PART]) assert.equal(wants(type, 5), false);
});

Deno.test("renumbered copies a frame under another number, with less time left", () => {
  const bytes = fromHex(plain + request);
  const found = allFrames(bytes)[1];
  assert.equal(toHex(renumbered(found, 9)), numbered(9, REQ, 0, 0xfffffffe, call(1000, "time")));
  assert.equal(toHex(renumbered(found, 9, 12.1)), numbered(9, REQ, 0, 0xfffffffe, call(13, "time")));
  assert.equal(toHex(renumbered(found, 9, -5)), numbered(9, REQ, 0, 0xfffffffe, call(1, "time")));
  assert.equal(toHex(bytes), plain + request, "what was given stays as it was");
  const endless = frameAt(fromHex(numbered(7, REQ, 0x40, 1, call(0, "all"))), 0);
  for (const left of [Infinity, 500, undefined]) {
    assert.equal(toHex(renumbered(endless, 8, left)), numbered(8, REQ, 0x40, 1, call(0, "all")));
  }
});
