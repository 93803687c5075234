/**
 * From loading the library to an open port, in microseconds; or opening the same port again and again.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { median } from "../statistics.ts";

export async function drive(path: string, work: Work): Promise<Measured> {
  const times: number[] = [];
  for (let i = 0; i < work.connections; i++) {
    const startedAt = performance.now();
    const { serial } = await import("../../../mod.ts");
    const port = await serial(path, { dialect: "raw" });
    times.push((performance.now() - startedAt) * 1000);
    await port.close();
  }
  return { value: work.connections === 1 ? times[0] : median(times.slice(1)) };
}
