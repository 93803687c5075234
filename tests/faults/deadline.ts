/** Calls `overdue` a second after a deadline that is `timeoutMs` away, unless disposed of before. */
export function watchDeadline(timeoutMs: number, overdue: () => void): Disposable {
  const set = (waitMs: number) => {
    const dueAt = performance.now() + waitMs;
    return setTimeout(() => {
      // This process was stopped for a while: whatever is due by now, in whichever order, has a second from here.
      if (performance.now() - dueAt > 100) timer = set(1000);
      else overdue();
    }, waitMs);
  };
  let timer = set(timeoutMs + 1000);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
