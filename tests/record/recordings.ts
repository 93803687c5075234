/** Recordings for tests, and where they come from. */
import {
  type Callbacks,
  listen,
  readRecording,
  record,
  type Recordable,
  type Recording,
  type Server,
} from "@parley/parley";

/** A recording of a power supply that speaks lines: `*IDN?`, `VSET1:5.00`, `VOUT1?`. */
export const BENCH = new URL("../fixtures/recordings/bench.log", import.meta.url).pathname;

/** The power supply of that recording. */
export async function powerSupply(address = "tcp://127.0.0.1:0", callbacks: Callbacks = {}): Promise<Server> {
  let volts = "5.00";
  return await listen(address, {
    dialect: "lines",
    ...callbacks,
    onReceive: (line, peer) => {
      if (line === "*IDN?") peer.send("KORAD KD3305P V4.2");
      if (line === "VOUT1?") peer.send(volts);
      if (line.startsWith("VSET1:")) volts = line.slice(6);
    },
  });
}

/** A path in a directory of its own, which is gone in the end. */
export async function inTemp<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Records links while `work` runs, and reads the recording. */
export async function recorded(
  links: Record<string, Recordable>,
  work: () => Promise<unknown>,
): Promise<Recording> {
  return await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await using recorder = await record(path, links);
    await work();
    await recorder.close();
    return await readRecording(path);
  });
}

/** Reads a recording of this text. */
export async function readText(text: string | Uint8Array): Promise<Recording> {
  return await inTemp(async (folder) => {
    const path = `${folder}/it.jsonl`;
    await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    return await readRecording(path);
  });
}

/** What passed on the connections of a link, as text. */
export function said(recording: Recording, link = recording.links[0].name): string[] {
  const found = recording.links.find(({ name }) => name === link)!;
  return found.connections.flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      entry.kind === "bytes" ? [`${entry.direction} ${new TextDecoder().decode(entry.bytes)}`] : []
    )
  );
}
