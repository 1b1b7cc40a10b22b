/** The project or VPC an object belongs to: `/orgs/default/projects/p`, `…/p/vpcs/v`; empty for the default scope. */
export function scopeOf(path: string): string {
  return /^\/orgs\/[^/]+\/projects\/[^/]+(?:\/vpcs\/[^/]+)?/.exec(path)?.[0] ?? '';
}
