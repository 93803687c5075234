/** Signals that concern the terminal, and what has to be undone on the way out. */

/** What can happen to a process that owns a terminal, apart from keys. */
export interface TerminalEvents {
  /** The terminal changed its size. */
  onResize(): void;
  /** The process goes on after it was stopped. */
  onContinue(): void;
  /** SIGINT from elsewhere: in raw mode Ctrl-C is a key. */
  onInterrupt(): void;
  /** The terminal went away. */
  onHangUp(): void;
  /** Somebody asks the process to end. */
  onTerminate(): void;
  /** The process ends now, without a listener having asked for it to go on. */
  onExit(): void;
  /** An error is about to end the process, unless a later listener keeps it alive. */
  onFatal(): void;
}

/** Listen for everything in {@linkcode TerminalEvents}; the function returned stops listening. */
export function watchTerminal(events: TerminalEvents): () => void {
  const signals: [Deno.Signal, () => void][] = [
    ["SIGWINCH", () => events.onResize()],
    ["SIGCONT", () => events.onContinue()],
    ["SIGINT", () => events.onInterrupt()],
    ["SIGHUP", () => events.onHangUp()],
    ["SIGTERM", () => events.onTerminate()],
  ];
  const listened = signals.filter(([signal, listener]) => {
    try {
      Deno.addSignalListener(signal, listener);
      return true;
    } catch {
      return false; // not every system has every signal
    }
  });
  const onExit = () => events.onExit();
  const onFatal = (event: Event) => {
    if (!event.defaultPrevented) events.onFatal();
  };
  globalThis.addEventListener("unload", onExit);
  globalThis.addEventListener("error", onFatal);
  globalThis.addEventListener("unhandledrejection", onFatal);
  return () => {
    for (const [signal, listener] of listened) Deno.removeSignalListener(signal, listener);
    globalThis.removeEventListener("unload", onExit);
    globalThis.removeEventListener("error", onFatal);
    globalThis.removeEventListener("unhandledrejection", onFatal);
  };
}

/**
 * Lets the signal of a hang-up pass from now on: the end of the input often comes first, and the signal behind it
 * must not end a program that is still saying goodbye.
 */
export function ignoreHangUp(): void {
  try {
    Deno.addSignalListener("SIGHUP", () => {});
  } catch {
    // not every system has the signal
  }
}
