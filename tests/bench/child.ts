/**
 * One side of one turn, in a process of its own: `child.ts serve|drive <module> <work as JSON> [address]`.
 * Each thing it has to say is one line of JSON on standard output. It ends when its standard input does, so that
 * nothing is left behind by a bench that was killed.
 *
 * @module
 */
import type { Contestant, Work } from "./row.ts";

const [role, name, workText, address = ""] = Deno.args;
// A computed address keeps the modules of all other contestants out of this process.
const { href } = new URL(`./contestants/${name}.ts`, import.meta.url);
const contestant: Contestant = await import(href);
const work: Work = JSON.parse(workText);
endWithParent();
if (role === "serve") {
  const { address, measured } = await contestant.serve!(work);
  say({ address });
  if (measured !== undefined) say(await measured);
} else {
  const measured = await contestant.drive(address, work);
  if (measured !== undefined) say(measured);
}

function say(line: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}

async function endWithParent(): Promise<void> {
  const buffer = new Uint8Array(16);
  while (await Deno.stdin.read(buffer) !== null);
  Deno.exit(0);
}
