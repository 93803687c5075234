/**
 * Does something again and again, so long after it was done before, and after ten times as long as it has taken: what
 * is slow is not to take the machine. Gives what ends that.
 */
export function repeat(everyMs: number, task: () => Promise<unknown>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const wait = (ms: number) => {
    timer = setTimeout(async () => {
      const startMs = performance.now();
      await task().catch(() => {}); // what cannot be looked at now stays as it was
      if (!isOver) wait(Math.max(everyMs, 10 * (performance.now() - startMs)));
    }, ms);
  };
  wait(everyMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
