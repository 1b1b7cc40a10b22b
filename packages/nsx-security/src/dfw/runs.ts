/** Cuts a list wherever the key changes. */
export function runs<T, K>(list: readonly T[], key: (item: T) => K): T[][] {
  const out: T[][] = [];
  let before: K | undefined;
  for (const item of list) {
    const own = key(item);
    if (out.length > 0 && own === before) out.at(-1)?.push(item);
    else out.push([item]);
    before = own;
  }
  return out;
}
