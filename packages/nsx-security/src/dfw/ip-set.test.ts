import { describe, expect, it } from 'vitest';
import {
  coversIps,
  formatIps,
  hasAddress,
  intersectIps,
  isEmptyIps,
  noIps,
  parseAddress,
  parseIps,
  subtractIps,
  uniteIps,
} from './ip-set.js';

const ips = (text: string) => parseIps(text) ?? noIps;

describe('a set of addresses', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.1-10.0.0.2', '10.0.0.1-10.0.0.2'],
    ['10.0.0.4 - 10.0.0.7', '10.0.0.4/30'],
    ['fd00::/8', 'fd00::/8'],
    ['::/0', '::/0'],
    ['FD00:0:0:1::5', 'fd00:0:0:1::5'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['fd00::1-fd00::3', 'fd00::1-fd00::3'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::', '::'],
  ])('reads %s and writes %s', (text, written) => {
    expect(formatIps(ips(text))).toEqual([written]);
  });

  it.each([
    '',
    'web',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::/129',
    '10.0.0.2-10.0.0.1',
    '10.0.0.1-fd00::1',
    'fe80::1%eth0',
    '10.0.0.1/8/9',
    '1.2.3.4-',
  ])('refuses %j', (text) => expect(parseIps(text)).toBeNull());

  it('is exact under union, intersection and subtraction', () => {
    const net = ips('10.0.0.0/24');
    const hole = subtractIps(net, ips('10.0.0.128'));
    expect(formatIps(hole)).toEqual(['10.0.0.0/25', '10.0.0.129-10.0.0.255']);
    expect(formatIps(uniteIps([hole, ips('10.0.0.128')]))).toEqual(['10.0.0.0/24']);
    expect(formatIps(intersectIps(hole, ips('10.0.0.127-10.0.0.130')))).toEqual([
      '10.0.0.127',
      '10.0.0.129-10.0.0.130',
    ]);
    expect(coversIps(net, hole)).toBe(true);
    expect(coversIps(hole, net)).toBe(false);
    expect(isEmptyIps(intersectIps(net, ips('fd00::/8')))).toBe(true);
  });

  it('knows its own', () => {
    const last = parseAddress('255.255.255.255');
    const six = parseAddress('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff');
    if (!last || !six) throw new Error('unreadable');
    expect(hasAddress(ips('0.0.0.0/0'), last)).toBe(true);
    expect(hasAddress(ips('0.0.0.0/0'), six)).toBe(false);
    expect(hasAddress(ips('::/0'), six)).toBe(true);
  });
});
