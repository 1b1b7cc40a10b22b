import { expect, test } from 'vitest';
import { serveFlags } from './flags.js';

test('nothing said: everything is offered, with output schemas', () => {
  expect(serveFlags([], {})).toEqual({
    readOnly: false,
    disableDestructive: false,
    outputSchemas: true,
  });
});

test('flags narrow', () => {
  expect(
    serveFlags(
      [
        '--read-only',
        '--disable-destructive',
        '--no-output-schemas',
        '--toolsets',
        'vm, host',
        '--tools=a',
      ],
      {},
    ),
  ).toEqual({
    readOnly: true,
    disableDestructive: true,
    outputSchemas: false,
    toolsets: ['vm', 'host'],
    tools: ['a'],
  });
});

test('every flag has an environment twin, and one that narrows is on unless it is clearly off', () => {
  expect(serveFlags([], { VMWARE_READ_ONLY: 'ture', VMWARE_TOOLSETS: 'vm' })).toMatchObject({
    readOnly: true,
    toolsets: ['vm'],
  });
  for (const off of ['', '0', 'false', 'No', 'OFF'])
    expect(serveFlags([], { VMWARE_READ_ONLY: off })).toMatchObject({ readOnly: false });
  expect(serveFlags(['--read-only'], { VMWARE_READ_ONLY: '0' })).toMatchObject({ readOnly: true });
});

test('a flag nobody knows is a usage error', () => {
  expect(() => serveFlags(['--read-write'], {})).toThrow(
    expect.objectContaining({ code: 'USAGE' }) as Error,
  );
  expect(() => serveFlags(['vm'], {})).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
});

test('a configuration is named in full or in short', () => {
  expect(serveFlags(['--config', '/etc/a.yaml'], {})).toMatchObject({ config: '/etc/a.yaml' });
  expect(serveFlags(['-c', 'b.yaml'], {})).toMatchObject({ config: 'b.yaml' });
});
