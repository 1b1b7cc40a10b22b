/** Does some work for every item, so many at a time; results in the order of the items. The first failure ends it. */
export async function sideBySide<T, R>(
  places: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const line = items.entries();
  let failed = false;
  const worker = async () => {
    for (const [at, item] of line) {
      if (failed) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: places }, worker));
  return results;
}
