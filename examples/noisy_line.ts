/**
 * Two Parleys at the ends of a serial line on which one byte in a thousand is changed: requests are answered all the
 * same. The line is a virtual one, so no cable is needed.
 *
 *     deno run -A examples/noisy_line.ts
 *
 * On a real line one end is `listen("serial:/dev/ttyS0?baud=115200", { dialect: "native" })`, the other
 * `serial("/dev/ttyUSB0", { baudRate: 115200, dialect: "native" })`.
 *
 * @module
 */
import { listen, serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";

/** Makes noise, and returns what was seen. */
export async function main(): Promise<string[]> {
  let passed = 0;
  let changed = 0;
  await using pair = virtualSerialPair({
    noise: (bytes) => {
      const noisy = bytes.slice();
      for (let i = 0; i < noisy.length; i++) {
        if (++passed % 1000 !== 0) continue;
        noisy[i] ^= 1 << (changed++ % 8);
      }
      return noisy;
    },
  });
  await using server = await listen(`serial:${pair.a.path}`, { dialect: "native" });
  server.onRequest("sum", (_call, values: Uint8Array) => values.reduce((sum, value) => sum + value, 0));

  await using client = await serial(pair.b.path, { dialect: "native" });
  const values = Uint8Array.from({ length: 500 }, (_, i) => i % 100);
  const sums = await Promise.all(Array.from({ length: 50 }, () => client.request("sum", [values])));
  const right = sums.filter((sum) => sum === 24_750).length;
  return [
    `${right} of 50 requests were answered rightly`,
    changed >= 20 ? "on a noisy line" : "on a quiet line",
  ];
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
