import { Refusal } from '@vmware/policy';
import { ServiceTraffic, type TrafficSet, trafficOf } from './dfw/index.js';
import type { Snapshot } from './dfw/snapshot.js';

export interface TrafficWords {
  readonly protocol?: 'TCP' | 'UDP' | 'ICMP' | undefined;
  readonly port?: string | undefined;
  readonly service?: string | undefined;
}

/** The traffic a question is about; undefined: all there is. Throws INVALID_INPUT or NOT_FOUND. */
export function askedTraffic(
  snapshot: Snapshot,
  { protocol, port, service }: TrafficWords,
): TrafficSet | undefined {
  if (service !== undefined) {
    if (protocol !== undefined || port !== undefined)
      throw new Refusal(
        'INVALID_INPUT',
        'A service says protocol and port itself.',
        'Give service alone, or protocol and port.',
      );
    return ofService(snapshot, service);
  }
  if (protocol === undefined && port === undefined) return undefined;
  if (protocol === 'ICMP' && port !== undefined)
    throw new Refusal('INVALID_INPUT', 'ICMP has no ports.', 'Leave out port, or give TCP or UDP.');
  if (protocol === 'ICMP')
    return ['icmp', 'icmpv6'].flatMap((name) => trafficOf({ protocol: name }) ?? []);
  const traffic = trafficOf({ protocol: protocol ?? 'TCP', ...(port !== undefined && { port }) });
  if (traffic) return traffic;
  throw new Refusal(
    'INVALID_INPUT',
    `"${port}" is not a port or a range of ports.`,
    'Write 443 or 8000-8010; ports go from 0 to 65535.',
  );
}

function ofService(snapshot: Snapshot, word: string): TrafficSet {
  const found = snapshot.services.find(
    ({ id, path, display_name }) => id === word || path === word || display_name === word,
  );
  if (!found)
    throw new Refusal(
      'NOT_FOUND',
      `There is no service "${word}".`,
      'Run `vmware-nsx-security service list` to see services.',
    );
  return new ServiceTraffic(snapshot.services).ofService(found.path).may;
}
