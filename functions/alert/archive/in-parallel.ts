/**
 * Runs a function over items, at most `atOnce` at a time, and returns the results in the order of the items. After the
 * first error no further item is started; the error is thrown when those under way have ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const work = async (): Promise<void> => {
    while (next < items.length && !failure) {
      const index = next++;
      try {
        results[index] = await run(items[index]!, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  const failed = failure as { readonly error: unknown } | null;
  if (failed) throw failed.error;
  return results;
}
