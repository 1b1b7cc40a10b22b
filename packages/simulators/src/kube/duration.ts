/** Seconds of a Go duration: `1h2m3s`, `1m0s`. */
export function secondsOf(text: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  let seconds = 0;
  for (const [, amount, unit = 's'] of text.matchAll(/([\d.]+)(ms|h|m|s)/g))
    seconds += Number(amount) * (units[unit] ?? 1);
  return Math.round(seconds);
}

/** Seconds as Go writes them: `1m0s`. */
export function durationOf(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
