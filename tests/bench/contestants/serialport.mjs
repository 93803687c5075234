/**
 * Serial lines with npm's `serialport`, in Node: `node serialport.mjs drive NAME WORK PATHS`, called and answering as
 * `child.ts` is.
 *
 * @module
 */
import { createRequire } from "node:module";
import process from "node:process";

const [, , workText, address] = process.argv.slice(2);
const work = JSON.parse(workText);
const require = createRequire(`${work.directory}/`);
const message = Buffer.alloc(work.messageBytes, 7);
process.stdin.resume().once("end", () => process.exit(0));
await ({ echo, read, write, open, idle })[work.line]();

async function echo() {
  const port = await openPort(address);
  const times = [];
  let missing = 0;
  let answered;
  port.on("data", (bytes) => {
    missing -= bytes.length;
    if (missing === 0) answered();
  });
  const roundTrip = () => {
    return new Promise((resolve) => {
      missing = message.length;
      answered = resolve;
      port.write(message);
    });
  };
  const warmUntil = performance.now() + work.warmUpMs;
  while (performance.now() < warmUntil) await roundTrip();
  const until = performance.now() + work.measureMs;
  for (let before = performance.now(); before < until;) {
    await roundTrip();
    const after = performance.now();
    times.push((after - before) * 1000);
    before = after;
  }
  say({ value: percentile(times, 0.5), p99: percentile(times, 0.99) });
}

async function read() {
  const port = await openPort(address);
  let bytes = 0;
  port.on("data", (data) => bytes += data.length);
  port.write(message.subarray(0, 1));
  await pause(work.warmUpMs);
  bytes = 0;
  const startedAt = performance.now();
  await pause(work.measureMs);
  say({ value: bytes / 1000 / (performance.now() - startedAt) });
}

async function write() {
  const port = await openPort(address);
  for (;;) {
    if (!port.write(message)) await new Promise((resolve) => port.once("drain", resolve));
  }
}

async function open() {
  const times = [];
  for (let i = 0; i < work.connections; i++) {
    const startedAt = performance.now();
    const port = await openPort(address);
    times.push((performance.now() - startedAt) * 1000);
    await new Promise((resolve) => port.close(resolve));
  }
  say({ value: work.connections === 1 ? times[0] : percentile(times.slice(1), 0.5) });
}

async function idle() {
  const ports = [];
  for (const path of address.split(",")) {
    const port = await openPort(path);
    port.on("data", () => {});
    ports.push(port);
  }
  await pause(work.warmUpMs);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await pause(work.measureMs);
  const { user, system } = process.cpuUsage(before);
  say({ value: (user + system) / (performance.now() - startedAt) });
}

async function openPort(path) {
  const { SerialPort } = require("serialport");
  const port = new SerialPort({ path, baudRate: 115_200 });
  await new Promise((resolve, reject) => port.once("open", resolve).once("error", reject));
  return port;
}

function percentile(times, part) {
  return times.sort((a, b) => a - b)[Math.floor((times.length - 1) * part)];
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
