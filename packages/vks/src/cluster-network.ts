import type { Supervisor } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { type Cidr, overlap, parseCidr } from './cidr.js';

export interface ClusterNetwork {
  readonly pods: string;
  readonly services: string;
}

interface Used {
  readonly what: string;
  readonly cidr: Cidr;
}

/** Tried in this order when nobody says: what the products themselves use first. */
const usual = {
  pods: ['192.168.0.0/16', '172.20.0.0/16', '100.96.0.0/11', '10.128.0.0/16'],
  services: ['10.96.0.0/12', '172.30.0.0/16', '100.64.0.0/13', '10.254.0.0/16'],
} as const;

/**
 * Ranges for pods and services that overlap neither each other nor what the Supervisor uses; those that are given
 * are taken as they are. What overlaps is in `blockers`. Throws INVALID_INPUT for what is no range.
 */
export function clusterNetwork(
  wanted: { readonly pods: string | undefined; readonly services: string | undefined },
  { ranges, name }: Pick<Supervisor, 'ranges' | 'name'>,
): { network: ClusterNetwork; blockers: string[] } {
  const used = ranges.flatMap(({ what, cidr }): Used[] => {
    const parsed = parseCidr(cidr);
    return parsed ? [{ what: `${what} (${cidr})`, cidr: parsed }] : [];
  });
  const givenServices =
    wanted.services === undefined ? [] : [rangeOf(wanted.services, 'service_cidr')];
  const pods =
    wanted.pods === undefined
      ? free(usual.pods, [...used.map(({ cidr }) => cidr), ...givenServices])
      : rangeOf(wanted.pods, 'pod_cidr');
  const services =
    givenServices[0] ?? free(usual.services, [...used.map(({ cidr }) => cidr), pods]);
  const clashes = [
    { mine: pods, what: 'pods' },
    { mine: services, what: 'services' },
  ].flatMap(({ mine, what }) =>
    used
      .filter(({ cidr }) => overlap(cidr, mine))
      .map(
        (other) =>
          `${mine.text} for ${what} overlaps what the Supervisor ${name} uses: ${other.what}.`,
      ),
  );
  return {
    network: { pods: pods.text, services: services.text },
    blockers: [
      ...clashes,
      ...(overlap(pods, services)
        ? [`${pods.text} for pods and ${services.text} for services overlap.`]
        : []),
    ],
  };
}

function rangeOf(text: string, input: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed) return parsed;
  throw new Refusal(
    'INVALID_INPUT',
    `${input} "${text}" is not a range of addresses.`,
    'Write its first address and the length of its prefix: 192.168.0.0/16.',
  );
}

/** The first that overlaps nothing; when all do, the first, so that what overlaps is said. */
function free(candidates: readonly string[], used: readonly Cidr[]): Cidr {
  const parsed = candidates.flatMap((text) => parseCidr(text) ?? []);
  const found = parsed.find((one) => !used.some((other) => overlap(one, other))) ?? parsed[0];
  if (!found) throw new TypeError('No candidate is a range');
  return found;
}
