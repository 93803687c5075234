/**
 * Ports that are open and silent: the time of this process's processors, in milliseconds a second.
 *
 * @module
 */
import process from "node:process";
import { serial } from "../../../mod.ts";
import type { Measured, Work } from "../row.ts";

export async function drive(paths: string, { warmUpMs, measureMs }: Work): Promise<Measured> {
  for (const path of paths.split(",")) await serial(path, { dialect: "raw" });
  await pause(warmUpMs);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await pause(measureMs);
  const { user, system } = process.cpuUsage(before);
  return { value: (user + system) / (performance.now() - startedAt) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
