/**
 * A set of numbers as the places where it begins and ends: `[1, 4, 9, 10]` is {1, 2, 3, 9}. Ascending, so that
 * equal sets are equal lists. Ports and IPv4 addresses are numbers, IPv6 addresses are bigints.
 */
export type Intervals<N extends number | bigint> = readonly N[];

function combine<N extends number | bigint>(
  a: Intervals<N>,
  b: Intervals<N>,
  keep: (inA: boolean, inB: boolean) => boolean,
): Intervals<N> {
  const out: N[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const fromA = a[i];
    const fromB = b[j];
    let at: N;
    if (fromA !== undefined && (fromB === undefined || fromA <= fromB)) at = fromA;
    else if (fromB !== undefined) at = fromB;
    else return out;
    if (fromA === at) i++;
    if (fromB === at) j++;
    const inside = out.length % 2 === 1;
    if (keep(i % 2 === 1, j % 2 === 1) !== inside) out.push(at);
  }
}

export const union = <N extends number | bigint>(a: Intervals<N>, b: Intervals<N>) =>
  combine(a, b, (inA, inB) => inA || inB);

export const intersect = <N extends number | bigint>(a: Intervals<N>, b: Intervals<N>) =>
  combine(a, b, (inA, inB) => inA && inB);

export const subtract = <N extends number | bigint>(a: Intervals<N>, b: Intervals<N>) =>
  combine(a, b, (inA, inB) => inA && !inB);

/** Whether all of `b` is in `a`. */
export const covers = <N extends number | bigint>(a: Intervals<N>, b: Intervals<N>) =>
  subtract(b, a).length === 0;

/** Whether `n` is in the set. */
export function has<N extends number | bigint>(set: Intervals<N>, n: N): boolean {
  return indexOf(set, n) % 2 === 1;
}

/** How many of the places are at or before `n`. */
export function indexOf<N extends number | bigint>(places: readonly N[], n: N): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place !== undefined && place <= n) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The union of many pairs `[begin, end)` in any order. Empty pairs are left out. */
export function fromPairs<N extends number | bigint>(
  pairs: readonly (readonly [N, N])[],
): Intervals<N> {
  const sorted = pairs
    .filter(([begin, end]) => begin < end)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const out: N[] = [];
  let open: N | undefined;
  for (const [begin, end] of sorted) {
    if (open !== undefined && begin <= open) {
      if (end > open) {
        open = end;
        out[out.length - 1] = end;
      }
      continue;
    }
    out.push(begin, end);
    open = end;
  }
  return out;
}

/** The pairs `[begin, end)` of a set, ascending. */
export function* pairs<N extends number | bigint>(set: Intervals<N>): Generator<readonly [N, N]> {
  for (let i = 0; i + 1 < set.length; i += 2) {
    const begin = set[i];
    const end = set[i + 1];
    if (begin !== undefined && end !== undefined) yield [begin, end];
  }
}
