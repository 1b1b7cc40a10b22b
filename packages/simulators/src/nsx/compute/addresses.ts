import { BlockList, isIP, SocketAddress } from 'node:net';

/** The one way to write an address: `2001:db8::1`, not `2001:0DB8:0::1`. Text that is no address stays as it is. */
export function canonical(address: string): string {
  if (isIP(address) !== 6) return address;
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** A set of addresses from what NSX takes: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, IPv6 alike. Other text is left out. */
export class AddressSet {
  readonly #list = new BlockList();

  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry.trim());
  }

  has(address: string): boolean {
    const family = familyOf(address);
    return family !== undefined && this.#list.check(address, family);
  }

  #add(entry: string): void {
    const [network = '', prefix] = entry.split('/');
    const [first = '', last] = entry.split('-');
    const family = familyOf(prefix === undefined ? first : network);
    if (!family) return;
    if (prefix !== undefined) {
      const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
      if (bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128))
        this.#list.addSubnet(network, bits, family);
    } else if (last === undefined) this.#list.addAddress(first, family);
    else if (familyOf(last) === family && order(first, last))
      this.#list.addRange(first, last, family);
  }
}

export const isAddressEntry = (entry: string): boolean =>
  familyOf(entry.split(/[/-]/)[0] ?? '') !== undefined;

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

/** Whether a range runs upwards; BlockList refuses the others. */
function order(first: string, last: string): boolean {
  try {
    new BlockList().addRange(first, last, familyOf(first) ?? 'ipv4');
    return true;
  } catch {
    return false;
  }
}
