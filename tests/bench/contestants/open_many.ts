/** Opens `count` connections, a few at a time: a server may bound how many are in their handshake at once. */
export async function openMany(count: number, open: () => Promise<unknown>): Promise<void> {
  let left = count;
  const openNext = async (): Promise<void> => {
    while (left-- > 0) await open();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openNext));
}

const AT_ONCE = 32;
