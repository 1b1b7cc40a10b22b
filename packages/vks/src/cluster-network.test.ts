import { expect, test } from 'vitest';
import { clusterNetwork } from './cluster-network.js';

const supervisor = {
  name: 'a',
  ranges: [
    { what: 'services of the Supervisor', cidr: '10.96.0.0/23' },
    { what: 'pods of the Supervisor', cidr: '10.244.0.0/20' },
  ],
};

test('without a wish it takes ranges that overlap nothing', () => {
  const { network, blockers } = clusterNetwork(
    { pods: undefined, services: undefined },
    supervisor,
  );
  expect(blockers).toEqual([]);
  expect(network).toEqual({ pods: '192.168.0.0/16', services: '172.30.0.0/16' });
});

test('what it chooses keeps clear of what is given', () => {
  const { network } = clusterNetwork({ pods: undefined, services: '192.168.10.0/24' }, supervisor);
  expect(network.pods).toBe('172.20.0.0/16');
});

test('what is given and overlaps is said, with what and whose', () => {
  const { blockers } = clusterNetwork(
    { pods: '10.244.4.0/22', services: '10.96.0.0/12' },
    supervisor,
  );
  expect(blockers).toHaveLength(2);
  expect(blockers[0]).toContain('10.244.4.0/22 for pods overlaps');
  expect(blockers[1]).toContain('services of the Supervisor (10.96.0.0/23)');
});

test('pods and services may not overlap each other', () => {
  const { blockers } = clusterNetwork(
    { pods: '172.16.0.0/12', services: '172.20.0.0/16' },
    supervisor,
  );
  expect(blockers).toEqual(['172.16.0.0/12 for pods and 172.20.0.0/16 for services overlap.']);
});

test('what is no range is refused', () => {
  expect(() => clusterNetwork({ pods: '10.0.0.1/8', services: undefined }, supervisor)).toThrow(
    'pod_cidr "10.0.0.1/8" is not a range',
  );
});
