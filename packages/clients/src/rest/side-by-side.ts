/**
 * Does some work for every item, so many at a time; results in the order of the items. After a failure
 * nothing new is begun, and it is thrown when what was begun has ended: nothing is left behind.
 */
export async function sideBySide<T, R>(
  places: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const line = items.entries();
  const worker = async () => {
    for (const [at, item] of line) {
      if (failures.length) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: places }, worker));
  if (failures.length) throw failures[0];
  return results;
}
