import type { PortInfo } from "../../mod.ts";

/** Writes down the ports of one cable of a run: other processes look them up with `readPorts`. */
export function writePorts(folder: string, index: number, ports: readonly PortInfo[]): void {
  const path = `${folder}/ports-${index}`;
  Deno.writeTextFileSync(`${path}.new`, JSON.stringify(ports));
  Deno.renameSync(`${path}.new`, path); // whoever reads finds all of it or what was there before
}

/** The ports of all cables of a run. */
export async function readPorts(folder: string): Promise<PortInfo[]> {
  const ports: PortInfo[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^ports-\d+$/.test(name)) ports.push(...JSON.parse(await Deno.readTextFile(`${folder}/${name}`)));
  }
  return ports;
}
