/**
 * Messages in one direction on zeromq, PUSH to PULL, in Node: `node zeromq_pump.mjs serve|drive NAME WORK [ADDRESS]`,
 * called and answering as `child.ts` is.
 *
 * @module
 */
import { createRequire } from "node:module";
import process from "node:process";

const [role, , workText, address] = process.argv.slice(2);
const work = JSON.parse(workText);
const zeromq = createRequire(`${work.directory}/`)("zeromq");
// Bounded by bytes: the thousand messages of the default would be a gigabyte of the largest ones.
const highWaterMark = Math.max(4, Math.floor(16 * 1024 * 1024 / work.messageBytes));
process.stdin.resume().once("end", () => process.exit(0));
await (role === "serve" ? serve() : drive());

async function serve() {
  const pull = new zeromq.Pull({ receiveHighWaterMark: highWaterMark });
  await pull.bind("tcp://127.0.0.1:*");
  say({ address: pull.lastEndpoint });
  await pull.receive();
  const warmUntil = performance.now() + work.warmUpMs;
  while (performance.now() < warmUntil) await pull.receive();
  const startedAt = performance.now();
  const until = startedAt + work.measureMs;
  let count = 0;
  for (; performance.now() < until; count++) await pull.receive();
  say({ value: count / ((performance.now() - startedAt) / 1000) });
}

async function drive() {
  const push = new zeromq.Push({ sendHighWaterMark: highWaterMark });
  push.connect(address);
  const message = Buffer.alloc(work.messageBytes, 7);
  for (;;) await push.send(message);
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
