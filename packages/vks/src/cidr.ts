/** A range of addresses, as numbers. */
export interface Cidr {
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
  readonly family: 4 | 6;
}

/** `10.0.0.0/8` or `fd00::/48`, not an address inside of a range. Undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = numberOf(address);
  const prefix = Number(length);
  if (!parsed || length === '' || prefix > parsed.bits) return undefined;
  const size = 1n << BigInt(parsed.bits - prefix);
  if (parsed.value % size !== 0n) return undefined;
  return {
    text,
    first: parsed.value,
    last: parsed.value + size - 1n,
    family: parsed.bits === 32 ? 4 : 6,
  };
}

export const overlap = (a: Cidr, b: Cidr): boolean =>
  a.family === b.family && a.first <= b.last && b.first <= a.last;

function numberOf(address: string): { value: bigint; bits: 32 | 128 } | undefined {
  if (!address.includes(':')) {
    const parts = address.split('.');
    if (
      parts.length !== 4 ||
      parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)
    )
      return undefined;
    return { value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
  }
  const [head = '', tail, more] = address.split('::');
  if (more !== undefined) return undefined;
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after];
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { value: all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n), bits: 128 };
}
