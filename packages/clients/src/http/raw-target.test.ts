import { expect, test } from 'vitest';
import { rawTarget } from './raw-target.js';

const targets = { roots: ['/api/', '/policy/api/v1/'], withheld: ['/api/session'] };

test.each(['/api/vcenter/vm', '/api/vcenter/vm?names=a%20b&x=1', '/policy/api/v1/infra'])(
  '%s may be sent as it is',
  (path) => expect(rawTarget(path, targets)).toBe(path),
);

test.each([
  '',
  'api/vcenter/vm',
  'https://elsewhere/api/vcenter/vm',
  '//elsewhere/api/x',
  '/apix/vm',
  '/api/../ui',
  '/api/%2e%2e/ui',
  '/api/%252e%252e/ui',
  '/api/%25252e%25252e/ui',
  '/api/./vm',
  '/api/vm\r\nX-Header: 1',
  '/api/vm%0d%0a',
  '/api/v m',
  '/api/vm#x',
  '/api/vm\\x',
  '/api/%5c..%5cx',
  '/api//vm',
  '/api/%zz',
  '/api/ümlaut',
  '/api/session',
  '/api/session/',
  '/api/SESSION?action=x',
  '/api/%73ession',
  '/api/session/1',
])('%j may not', (path) => {
  expect(() => rawTarget(path, targets)).toThrow(
    /is no path|steps out|not below|logs in or out|percent-encoded/,
  );
});
