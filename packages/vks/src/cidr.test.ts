import { expect, test } from 'vitest';
import { overlap, parseCidr } from './cidr.js';

test.each([
  '10.0.0.0/8',
  '192.168.0.0/16',
  '0.0.0.0/0',
  '10.1.2.3/32',
  'fd00::/48',
  '::/0',
  '2001:db8::1/128',
  '1:2:3:4:5:6:7:0/112',
])('%s is a range', (text) => expect(parseCidr(text)?.text).toBe(text));

test.each([
  '10.0.0.0',
  '10.0.0.1/8',
  '10.0.0/8',
  '300.0.0.0/8',
  '10.0.0.0/33',
  '10.0.0.00/8',
  'fd00::1/48',
  'fd00::::/48',
  ':::/0',
  'x/8',
  '',
  '10.0.0.0/-1',
  '1:2:3:4:5:6:7:8:9/64',
  ' 10.0.0.0/8',
])('"%s" is none', (text) => expect(parseCidr(text)).toBeUndefined());

test.each([
  ['10.0.0.0/8', '10.96.0.0/12', true],
  ['10.0.0.0/9', '10.128.0.0/9', false],
  ['192.168.0.0/16', '192.169.0.0/16', false],
  ['fd00::/48', 'fd00:0:0:1::/64', true],
  ['0.0.0.0/0', '::/0', false],
])('%s and %s overlap: %s', (a, b, whether) => {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  if (!one || !other) throw new Error('Not a range');
  expect(overlap(one, other)).toBe(whether);
  expect(overlap(other, one)).toBe(whether);
});
