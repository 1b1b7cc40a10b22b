import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Cause } from '../kube-error.js';
import { type KubeObject, sameJson, valueAt } from '../object.js';
import { forbiddenField, invalidField } from './faults.js';

interface Block {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

function blockOf(cidr: unknown): Block | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(String(cidr)) ?? [];
  if (isIP(address) === 0) return undefined;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const prefix = Number(digits);
  return prefix <= (family === 'ipv4' ? 32 : 128) ? { address, prefix, family } : undefined;
}

/** Whether one holds the other: blocks of addresses cannot overlap otherwise. */
function overlap(a: Block, b: Block): boolean {
  const [wide, narrow] = a.prefix <= b.prefix ? [a, b] : [b, a];
  const list = new BlockList();
  list.addSubnet(wide.address, wide.prefix, wide.family);
  return wide.family === narrow.family && list.check(narrow.address, narrow.family);
}

const path = 'spec.clusterNetwork';

function cidrsOf({ spec }: KubeObject, whose: 'pods' | 'services'): readonly unknown[] {
  const found = valueAt(spec, 'clusterNetwork', whose, 'cidrBlocks');
  return Array.isArray(found) ? found : [];
}

/** Blocks of addresses that are none, overlap, or change after the cluster was made. */
export function faultsOfNetworks(cluster: KubeObject, before: KubeObject | undefined): Cause[] {
  const found: Cause[] = [];
  const blocks = { pods: [] as Block[], services: [] as Block[] };
  for (const whose of ['pods', 'services'] as const)
    for (const [at, cidr] of cidrsOf(cluster, whose).entries()) {
      const block = blockOf(cidr);
      if (block) blocks[whose].push(block);
      else
        found.push(
          invalidField(
            `${path}.${whose}.cidrBlocks[${at}]`,
            cidr,
            `invalid CIDR address: ${String(cidr)}`,
          ),
        );
    }
  for (const pods of blocks.pods)
    for (const services of blocks.services)
      if (overlap(pods, services))
        found.push(
          invalidField(
            `${path}.services.cidrBlocks`,
            `${services.address}/${services.prefix}`,
            `it overlaps ${pods.address}/${pods.prefix} of spec.clusterNetwork.pods.cidrBlocks`,
          ),
        );
  for (const whose of ['pods', 'services'] as const)
    if (before && !sameJson(cidrsOf(before, whose), cidrsOf(cluster, whose)))
      found.push(forbiddenField(`${path}.${whose}.cidrBlocks`, 'cannot be changed'));
  return found;
}
