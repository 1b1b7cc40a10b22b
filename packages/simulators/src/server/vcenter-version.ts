/** The vCenter Servers that can be simulated. */
export type VcenterVersion = '7.0.3' | '8.0.3' | '9.0.0';

/** Whether a vCenter has what came with `since`, as the API numbers its versions: `8.0.0.1`. Absent: it always was. */
export function has(version: VcenterVersion, since: string | undefined): boolean {
  const own = version.split('.').map(Number);
  for (const [at, least] of (since ?? '').split('.').slice(0, 3).map(Number).entries()) {
    const number = own[at] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
