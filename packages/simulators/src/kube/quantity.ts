const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** The number that a Kubernetes quantity stands for: `10Gi`, `500M`, `3`. Undefined for what is none. */
export function amountOf(quantity: unknown): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGTP]i)?$/.exec(String(quantity)) ?? [];
  const factor = units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** As Kubernetes writes bytes: `10Gi`, with the largest unit that divides them. */
export function quantityOf(amount: number): string {
  for (const unit of ['Pi', 'Ti', 'Gi', 'Mi', 'Ki'])
    if (amount !== 0 && amount % (units[unit] ?? 1) === 0)
      return `${amount / (units[unit] ?? 1)}${unit}`;
  return `${amount}`;
}
