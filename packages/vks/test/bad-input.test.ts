import { expect, test } from 'vitest';
import * as z from 'zod';
import { vks } from '../src/toolset.js';
import type { AnyTool } from './changes.js';
import { changing, inputFor } from './changes.js';
import { changesAt, lab } from './lab.js';
import { readInputs, reading } from './reads.js';

const hostile = [
  '..',
  '.',
  'a/b',
  '../pods/x',
  '%2e%2e',
  '%2F',
  'a b',
  'a\\b',
  'line\nend',
  'nul\u0000',
  'ünï',
  'A',
  '-a',
  'a'.repeat(300),
  '?dryRun=All',
  '#x',
  'a;b',
  '$(x)',
  '<x>',
  "' OR 1=1",
];

/** Inputs that name an object: those that take a plain text. */
const nameInputs = (tool: AnyTool): string[] =>
  Object.keys(tool.input.shape).filter((name) =>
    /^(name|namespace|cluster|pool_name|vm_name)$/.test(name),
  );

test('every input that becomes part of a path is among those that are tried here', () => {
  const all = new Set([...changing, ...reading].flatMap(nameInputs));
  expect([...all].sort()).toEqual(['cluster', 'name', 'namespace', 'pool_name', 'vm_name']);
});

test('a hostile name leads to no route but the one of its tool, and changes nothing', async () => {
  await using at = await lab();
  const reads = readInputs();
  const known = new Set<string>();
  const routes = () => [
    ...at.sim.vcenter.requests.map(({ method }) => method),
    ...at.sim.kubeRequests.map(({ method }) => method),
  ];
  for (const tool of reading) {
    await at.call(tool, reads[tool.name] as never);
  }
  const inputs = new Map<string, object>();
  for (const tool of changing) {
    const input = await inputFor(tool, at);
    inputs.set(tool.name, input);
    await at.call(tool, input);
  }
  for (const route of routes()) known.add(route);

  for (const tool of [...changing, ...reading])
    for (const input of nameInputs(tool))
      for (const name of hostile) {
        const good = inputs.get(tool.name) ?? reads[tool.name] ?? {};
        const outcome = await at.call(tool, { ...good, [input]: name } as never, {
          dryRun: false,
          confirmed: true,
        });
        expect(outcome.status, `${tool.name} ${input} ${JSON.stringify(name)}`).not.toBe('done');
        expect(outcome).toMatchObject({ remedy: expect.stringMatching(/\w/) });
      }
  expect(routes().filter((route) => !known.has(route))).toEqual([]);
  expect(changesAt(at.sim)).toEqual([]);
}, 60_000);

test('an argument that no tool has is refused, not dropped', async () => {
  await using at = await lab();
  const reads = readInputs();
  for (const tool of reading)
    expect(await at.call(tool, { ...reads[tool.name], nmaespace: 'x' } as never)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('nmaespace'),
    });
});

test('every schema is a closed object whose fields are described', () => {
  for (const tool of Object.values(vks.groups).flat()) {
    const schema = z.toJSONSchema(tool.input, { io: 'input' }) as { properties?: object };
    for (const [name, field] of Object.entries(schema.properties ?? {}))
      expect(field, `${tool.name}.${name}`).toHaveProperty('description');
  }
});
