export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A host and its port, of `host`, `host:port`, `[address]:port` or a bare IPv6 address. */
export function addressOf(text: string, usual: number): Address {
  const [, bracketed, after] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: after ? Number(after) : usual };
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? { host: text, port: usual } : { host, port: Number(port) };
}

/** `host:port` as it stands in a URL. */
export const serverOf = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
