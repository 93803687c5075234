import { ExitCode } from "../console/exit_code.ts";

/**
 * Calls `stop` with the exit code when somebody asks the program to end: Ctrl-C, `kill`, a service manager, a terminal
 * that goes away. So links are closed with the words of their dialect. The function returned stops listening.
 */
export function onStop(stop: (code: number) => void): () => void {
  const codes: [Deno.Signal, number][] = [["SIGINT", ExitCode.INTERRUPTED], ["SIGTERM", 143], [
    "SIGHUP",
    129,
  ]];
  const listened: [Deno.Signal, () => void][] = [];
  for (const [signal, code] of codes) {
    const listener = () => stop(code);
    try {
      Deno.addSignalListener(signal, listener);
      listened.push([signal, listener]);
    } catch {
      // not every system has every signal
    }
  }
  return () => {
    for (const [signal, listener] of listened) Deno.removeSignalListener(signal, listener);
  };
}
