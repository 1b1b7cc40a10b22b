/** Whether mutants are tried on the tests: then each runs thousands of times, and what a child program does counts for nothing. */
export const isMutating = process.env['MUTATE'] !== undefined;

/** How often a property is tried: a fiftieth of it where that is once for each mutant. */
export const howOften = (runs: number): number => (isMutating ? Math.ceil(runs / 50) : runs);
