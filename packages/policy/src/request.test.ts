import { expect, test } from 'vitest';
import * as z from 'zod';
import { callFor } from './request.js';
import { toolsFor } from './tool.js';
import type { Targets } from './toolset.js';

const compare = toolsFor<never>()({
  name: 'compare_lists',
  usage: 'list compare <before> <after>',
  summary: 'Compares two lists.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  offline: ['before', 'after'],
  input: z.object({ before: z.string().optional(), after: z.string().optional() }),
  output: z.object({}),
}).run(async () => ({}));

const nothingConfigured = async (): Promise<Targets> => {
  throw Object.assign(new Error('No target is configured.'), {
    code: 'NO_TARGETS',
    remedy: 'Run `vmware-vsphere init`.',
  });
};

const call = (input: Record<string, string>, target?: string) =>
  callFor(
    'vmware-lists',
    { tool: compare as never, group: 'list' },
    input,
    { surface: 'cli', target },
    nothingConfigured,
    async () => undefined,
  );

test('a call whose files take the place of the target needs none, and asks for none', async () => {
  const made = await call({ before: 'a', after: 'b' });
  expect(made).toMatchObject({ target: { name: '', environment: '' } });
  expect(made.problem).toBeUndefined();
});

test('a call that lacks one of the files is about a target', async () => {
  expect((await call({ before: 'a' })).problem).toMatchObject({ code: 'NO_TARGETS' });
  expect((await call({})).problem).toMatchObject({ code: 'NO_TARGETS' });
});

test('a call that makes no sense is a call with a problem', async () => {
  expect((await call({ befor: 'a' })).problem).toMatchObject({
    code: 'INVALID_INPUT',
    remedy: 'See `vmware-lists list compare --help` for its inputs.',
  });
});
