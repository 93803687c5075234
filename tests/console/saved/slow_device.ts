/**
 * A device that takes its time: an instrument on a line protocol, as many are.
 *
 * @module
 */
import { listen } from "../../../mod.ts";

/** How long it thinks, in milliseconds: long enough for a script that does not wait to be on its next line. */
const THINKING_MS = 250;

/**
 * Greets with READY, answers `SET n` with OK, `GET` with the number, `HELP` with three lines, `PIN …` with what it was
 * given, and `DRIFT` not at all.
 */
export async function slowDevice(): Promise<AsyncDisposable & { readonly address: string }> {
  let set = "0.00";
  const answers: Record<string, (rest: string) => string[]> = {
    SET: (rest) => {
      set = rest;
      return ["OK"];
    },
    GET: () => [set],
    HELP: () => ["SET n", "GET", "HELP"],
    PIN: (rest) => [`WELCOME ${rest}`],
  };
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, THINKING_MS);
    timers.add(timer);
  };
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: (peer) => later(() => void peer.send("READY")),
    onReceive: (line: string, peer) => {
      const [word, rest = ""] = line.split(" ");
      later(() => answers[word]?.(rest).forEach((answer) => void peer.send(answer)));
    },
  });
  return {
    address: server.address,
    async [Symbol.asyncDispose]() {
      await server.close();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
