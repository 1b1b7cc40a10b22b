import { expect, test } from 'vitest';
import { entriesOf, entryWord } from './service-entries.js';

test.each([
  ['TCP:443', 'TCP:443'],
  ['udp:5000-5010', 'UDP:5000-5010'],
  ['TCP:80-80', 'TCP:80'],
  [' TCP:0 ', 'TCP:0'],
  ['TCP:65535', 'TCP:65535'],
  ['icmp:8', 'ICMPv4:8'],
  ['ICMPv4:3:4', 'ICMPv4:3:4'],
  ['ICMPv6', 'ICMPv6'],
  ['ICMPv4:0:0', 'ICMPv4:0:0'],
  ['IP:255', 'IP:255'],
])('%s is the element %s', (word, shown) => {
  expect(entriesOf([word]).map(entryWord)).toEqual([shown]);
});

test.each([
  'TCP',
  'TCP:',
  'TCP:65536',
  'TCP:1-2-3',
  'TCP:9-1',
  'TCP:a',
  'TCP:-1',
  'TCP:80:443',
  'IP',
  'IP:256',
  'IP:47:1',
  'ICMPv4:8:0:1',
  'ICMPv4:x',
  'GRE',
  ':443',
  '',
])('%o is no element', (word) => {
  expect(() => entriesOf([word])).toThrow(`"${word}" is not an element of a service`);
});

test('at most 15 ports stand in one element', () => {
  const ports = Array.from({ length: 31 }, (_, at) => `TCP:${at + 1}`);
  const entries = entriesOf([...ports, 'UDP:1']);
  expect(entries.map(({ destination_ports }) => (destination_ports as string[]).length)).toEqual([
    15, 15, 1, 1,
  ]);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(4);
});

test.each([
  [
    {
      resource_type: 'L4PortSetServiceEntry',
      l4_protocol: 'TCP',
      destination_ports: ['1', '2-3'],
      source_ports: ['9'],
    },
    'TCP:1,2-3 from 9',
  ],
  [{ resource_type: 'L4PortSetServiceEntry', l4_protocol: 'UDP' }, 'UDP:any'],
  [{ resource_type: 'ALGTypeServiceEntry', alg: 'FTP', destination_ports: ['21'] }, 'ALG FTP:21'],
  [
    { resource_type: 'NestedServiceServiceEntry', nested_service_path: '/infra/services/DNS' },
    'service DNS',
  ],
  [{ resource_type: 'EtherTypeServiceEntry', ether_type: 2054 }, 'EtherType:2054'],
  [{ resource_type: 'IGMPTypeServiceEntry' }, 'IGMPType'],
  [{ resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: null }, 'ICMPv4'],
] as const)('an element of NSX in words: %o', (entry, word) => {
  expect(entryWord(entry)).toBe(word);
});
