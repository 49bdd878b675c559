/** Round trips to a host that are under way at once. */
const LANES = 8;

/** Does something with each, several at a time; the first failure is thrown when all that was begun has ended. */
export async function inLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  lanes = LANES,
): Promise<void> {
  let next = 0;
  let failure: { readonly thrown: unknown } | null = null;
  const lane = async (): Promise<void> => {
    while (failure === null) {
      const item = items[next];
      next += 1;
      if (item === undefined) return;
      try {
        await work(item);
      } catch (thrown) {
        failure ??= { thrown };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  // The compiler does not see that the lanes assign it.
  const failed = failure as { readonly thrown: unknown } | null;
  if (failed !== null) throw failed.thrown;
}
