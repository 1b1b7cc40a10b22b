/** How many runs it takes to try everything that is too much for one. */
export const parts = 5;

/**
 * Which part this run tries: it goes with the day of the month, so that every part has its turn; `ATTACK_PART=3`
 * repeats one, `ATTACK=all` tries all.
 */
export const part: number | 'all' =
  process.env['ATTACK'] === 'all'
    ? 'all'
    : Number(process.env['ATTACK_PART'] ?? new Date().getUTCDate()) % parts;

/** Whether the nth of a list is tried in this run. */
export const isOfThisRun = (n: number): boolean => part === 'all' || n % parts === part;
