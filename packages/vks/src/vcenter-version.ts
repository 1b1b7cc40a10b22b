/** The first vCenter Server whose Supervisors we speak to. */
export const needed = '8.0.0';

/** Whether a version of vSphere is at least another: `8.0.3` and `8.0.0`. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  for (const [at, number] of (want ?? []).entries()) {
    const own = have?.[at] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
