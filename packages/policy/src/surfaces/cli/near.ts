/** `(Did you mean web-01?)` for a word a few typos away from known ones; empty when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearTo(word, known);
  if (near.length === 0) return '';
  return ` (Did you mean ${near.length > 1 ? 'one of ' : ''}${near.join(', ')}?)`;
}

/** The known words nearest to `word`, at most three; upper and lower case are the same. */
export function nearTo(word: string, known: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const scored = [...new Set(known)].map((name) => {
    const lower = name.toLowerCase();
    // Of two as near, the one that goes on as the word begins was being typed.
    return { name, score: typos(wanted, lower) + (lower.startsWith(wanted) ? 0 : 0.5) };
  });
  const best = Math.min(...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score === best && Math.floor(score) <= allowed)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to add, drop, replace or swap with their neighbour. */
function typos(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped));
    }
  }
  return at(a.length, b.length);
}
