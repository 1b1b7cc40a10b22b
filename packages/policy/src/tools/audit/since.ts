import { Refusal } from '../../refusal.js';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An ISO instant from an ISO time or an age such as `24h`. Throws INVALID_INPUT for anything else. */
export function sinceOf(text: string | undefined, now = Date.now()): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * (units[unit] ?? 0)).toISOString();
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new Refusal(
      'INVALID_INPUT',
      `"${text}" is neither a time nor an age.`,
      'Write --since 2026-11-22T08:00:00Z, or --since 24h.',
    );
  return new Date(at).toISOString();
}

/** The short name a skill is logged under: people also write vmware-vsphere. */
export const skillOf = (name: string | undefined): string | undefined =>
  name?.replace(/^vmware-/, '');
