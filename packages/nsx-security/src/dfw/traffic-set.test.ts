import type { Rule } from '@vmware/clients/nsx';
import { describe, expect, it } from 'vitest';
import { dice } from './oracle/random-firewall.js';
import { ServiceTraffic } from './service-traffic.js';
import { TrafficAtoms } from './traffic-atoms.js';
import { trafficOf } from './traffic-question.js';
import {
  allTraffic,
  coversTraffic,
  formatTraffic,
  intersectTraffic,
  subtractTraffic,
  type TrafficSet,
  uniteTraffic,
} from './traffic-set.js';

const tcp = (port?: string, source_port?: string): TrafficSet =>
  trafficOf({ protocol: 'tcp', ...(port && { port }), ...(source_port && { source_port }) }) ?? [];

describe('traffic', () => {
  it.each([
    [{ protocol: 'tcp', port: '443' }, ['TCP 443']],
    [{ protocol: 'UDP', port: '53', source_port: '1024-65535' }, ['UDP 53 from 1024-65535']],
    [{ protocol: 'icmp', port: '8' }, ['ICMP type 8']],
    [{ protocol: '47' }, ['GRE']],
    [{ protocol: 'any' }, ['any']],
  ])('%j reads %j', (asked, text) => {
    const set = trafficOf(asked);
    expect(set && formatTraffic(set)).toEqual(text);
  });

  it.each([
    { protocol: 'any', port: '1' },
    { protocol: 'http' },
    { protocol: '256' },
    { protocol: 'tcp', port: '70000' },
    { protocol: 'tcp', port: '9-1' },
    { protocol: '47', port: '1' },
    { protocol: 'icmp', port: '300' },
  ])('%j is refused', (asked) => expect(trafficOf(asked)).toBeNull());

  it('keeps its algebra on random boxes, port by port', () => {
    const d = dice(4);
    const box = () => {
      const [a, b] = [d.below(5), d.below(5)];
      return {
        protocol: d.one([6, 17]),
        first: [a, a + 1 + d.below(3)],
        second: [b, b + 1 + d.below(3)],
      };
    };
    const holds = (set: TrafficSet, p: number, x: number, y: number) =>
      set.some((o) => o.protocol === p && inside(o.first, x) && inside(o.second, y));
    const inside = (set: readonly number[], n: number) =>
      set.filter((place) => place <= n).length % 2 === 1;
    for (let round = 0; round < 300; round++) {
      const a = uniteTraffic([box()], [box()]);
      const b = uniteTraffic([box()], uniteTraffic([box()], [box()]));
      const atoms = new TrafficAtoms([a, b]);
      for (const p of [6, 17])
        for (let x = 0; x < 9; x++)
          for (let y = 0; y < 9; y++) {
            const [inA, inB] = [holds(a, p, x, y), holds(b, p, x, y)];
            expect(holds(uniteTraffic(a, b), p, x, y)).toBe(inA || inB);
            expect(holds(intersectTraffic(a, b), p, x, y)).toBe(inA && inB);
            expect(holds(subtractTraffic(a, b), p, x, y)).toBe(inA && !inB);
            expect(holds(atoms.toSet(atoms.meeting(a)), p, x, y)).toBe(inA);
          }
      expect(coversTraffic(a, b)).toBe(subtractTraffic(b, a).length === 0);
    }
  });
});

describe('a service', () => {
  const service = (
    id: string,
    ...service_entries: { resource_type: string; [k: string]: unknown }[]
  ) => ({ id, path: `/infra/services/${id}`, service_entries });
  const known = new ServiceTraffic([
    service('web', {
      resource_type: 'L4PortSetServiceEntry',
      l4_protocol: 'TCP',
      destination_ports: ['80', '443'],
      source_ports: [],
    }),
    service('ftp', { resource_type: 'ALGTypeServiceEntry', alg: 'FTP', destination_ports: ['21'] }),
    service('arp', { resource_type: 'EtherTypeServiceEntry', ether_type: 2054 }),
    service(
      'all',
      { resource_type: 'NestedServiceServiceEntry', nested_service_path: '/infra/services/web' },
      { resource_type: 'IGMPTypeServiceEntry' },
    ),
    service('loop', {
      resource_type: 'NestedServiceServiceEntry',
      nested_service_path: '/infra/services/loop',
    }),
    service('new', { resource_type: 'FutureServiceEntry' }),
  ]);
  const of = (id: string) => known.ofService(`/infra/services/${id}`);

  it('is its entries together', () => {
    expect(formatTraffic(of('web').must)).toEqual(['TCP 80, 443']);
    expect(formatTraffic(of('ftp').must)).toEqual(['TCP 21']);
    expect(formatTraffic(of('all').must)).toEqual(['TCP 80, 443', 'IGMP']);
    expect(of('arp').may).toEqual([]);
  });

  it.each(['loop', 'new', 'gone'])(
    'of which something is not known surely matches nothing, maybe anything: %s',
    (id) => {
      expect(of(id).must).toEqual([]);
      expect(of(id).may).toBe(allTraffic);
    },
  );

  it('is all traffic for a rule that names none', () => {
    const rule: Rule = { id: 'r', path: '/r', action: 'ALLOW' };
    expect(known.ofRule(rule).must).toBe(allTraffic);
    expect(known.ofRule({ ...rule, services: ['any'] }).must).toBe(allTraffic);
    const own = {
      ...rule,
      services: ['/infra/services/ftp'],
      service_entries: [{ resource_type: 'IPProtocolServiceEntry', protocol_number: 50 }],
    };
    expect(formatTraffic(known.ofRule(own).must)).toEqual(['TCP 21', 'ESP']);
    expect(coversTraffic(tcp(), tcp('21'))).toBe(true);
  });
});
