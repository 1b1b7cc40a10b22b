import type { Kube } from '@vmware/clients/kube';
import { textsAt } from './field.js';
import { kinds, served } from './known-resource.js';

/** One limit of a namespace that Kubernetes keeps, as it writes amounts: `500Gi`. */
export interface QuotaRow {
  readonly quota: string;
  readonly resource: string;
  readonly used: string | null;
  readonly hard: string;
  /** Percent in use; null when an amount cannot be read. */
  readonly percent: number | null;
}

export async function quotasOf(
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<QuotaRow[]> {
  const { items } = await kube.all(await served(kube, kinds.resourcequotas, signal), {
    namespace,
    signal,
  });
  return items.flatMap((one) => {
    const used = textsAt(one, 'status', 'used');
    return Object.entries(textsAt(one, 'spec', 'hard')).map(([resource, hard]) => ({
      quota: one.metadata.name,
      resource,
      used: used[resource] ?? null,
      hard,
      percent: percentOf(used[resource], hard),
    }));
  });
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** An amount as Kubernetes writes it: `500Gi`, `1500m`. Undefined for anything else. */
export function amountOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(text) ?? [];
  const factor = units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function percentOf(used: string | undefined, hard: string): number | null {
  const [part, whole] = [used === undefined ? undefined : amountOf(used), amountOf(hard)];
  return part === undefined || whole === undefined || whole === 0
    ? null
    : Math.round((part / whole) * 1000) / 10;
}
