/** What a promise gives within this time, or `undefined`; what fails gives nothing either. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), ms);
  try {
    return await Promise.race([promise.catch(() => undefined), over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
