/** Sets of small whole numbers, 32 to a word. All operands of one operation have the same length. */
export type Bits = Uint32Array;

export const noBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5);

export function allBits(size: number): Bits {
  const bits = noBits(size).fill(0xffffffff);
  if (size % 32 > 0) bits[bits.length - 1] = 2 ** (size % 32) - 1;
  return bits;
}

export function setBit(bits: Bits, n: number): void {
  bits[n >>> 5] = (bits[n >>> 5] ?? 0) | (1 << (n & 31));
}

export function clearBit(bits: Bits, n: number): void {
  bits[n >>> 5] = (bits[n >>> 5] ?? 0) & ~(1 << (n & 31));
}

/** Adds 0 to n - 1. */
export function setBitsBelow(bits: Bits, n: number): void {
  bits.fill(0xffffffff, 0, n >>> 5);
  if (n % 32 > 0) bits[n >>> 5] = (bits[n >>> 5] ?? 0) | (2 ** (n % 32) - 1);
}

export const hasBit = (bits: Bits, n: number) => (((bits[n >>> 5] ?? 0) >>> (n & 31)) & 1) === 1;

/** `into` becomes the union. */
export function addBits(into: Bits, bits: Bits): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) | (bits[i] ?? 0);
}

/** `into` becomes the intersection. */
export function keepBits(into: Bits, bits: Bits): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) & (bits[i] ?? 0);
}

/** `into` loses `bits`. */
export function dropBits(into: Bits, bits: Bits): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) & ~(bits[i] ?? 0);
}

export function orBits(a: Bits, b: Bits): Bits {
  const out = a.slice();
  addBits(out, b);
  return out;
}

export function andBits(a: Bits, b: Bits): Bits {
  const out = a.slice();
  keepBits(out, b);
  return out;
}

export function withoutBits(a: Bits, b: Bits): Bits {
  const out = a.slice();
  dropBits(out, b);
  return out;
}

export const isEmptyBits = (bits: Bits) => bits.every((word) => word === 0);

/** Whether the sets have a member in common. */
export function meetBits(a: Bits, b: Bits, c: Bits = b): boolean {
  for (let i = 0; i < a.length; i++)
    if (((a[i] ?? 0) & (b[i] ?? 0) & (c[i] ?? 0)) !== 0) return true;
  return false;
}

/** Whether all of `b` is in `a`. */
export function coverBits(a: Bits, b: Bits): boolean {
  for (let i = 0; i < b.length; i++) if (((b[i] ?? 0) & ~(a[i] ?? 0)) !== 0) return false;
  return true;
}

/** The members, ascending. */
export function members(bits: Bits): number[] {
  const out: number[] = [];
  for (let i = 0; i < bits.length; i++) {
    let word = bits[i] ?? 0;
    while (word !== 0) {
      const low = word & -word;
      out.push(i * 32 + (31 - Math.clz32(low)));
      word ^= low;
    }
  }
  return out;
}
