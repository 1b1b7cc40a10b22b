import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { canonical } from '../../src/audit/event.js';
import { defineToolset, type Plan, toolsFor } from '../../src/index.js';
import { keyedDigest } from '../../src/key-file.js';
import { harness } from '../../src/testing/harness.js';
import { bodyOf } from '../lab.js';

/** What the body of a tool was given, when it planned and when it ran. */
interface Given {
  readonly planned: unknown[];
  readonly ran: unknown[];
}

const define = toolsFor<Given>();
const rename = define({
  name: 'rename_thing',
  usage: 'thing rename',
  summary: 'Renames a thing.',
  effect: 'write',
  risk: 'medium',
  level: 'power_ops',
  input: z.object({
    name: z.string().describe('Name.'),
    tags: z.array(z.string()).optional().describe('Tags.'),
    disk: z.object({ size_gb: z.number() }).optional().describe('Disk.'),
    labels: z.record(z.string(), z.string()).optional().describe('Labels.'),
  }),
  output: z.object({}),
})
  .plan(async (input, { planned }): Promise<Plan> => {
    planned.push(structuredClone(input));
    return {
      summary: `Rename ${input.name}`,
      changes: [],
      requests: [`POST ${input.name}`],
      blast_radius: { total: 1, objects: [], reversible: true },
      blockers: [],
      unmeasured: [],
    };
  })
  .run(async (input, { ran }) => {
    ran.push(structuredClone(input));
    return {};
  });

/** Whatever is called db-1, is tagged so, is larger than 9 or has the label may not be touched. */
const rules = `version: 1
default: {write: permit}
rules:
  - {id: name, effect: forbid, when: {args: {name: {glob: "db-*"}}}}
  - {id: tags, effect: forbid, when: {args: {tags: {in: [db-1]}}}, unless: {args: {tags: {equals: web-1}}}}
  - {id: size, effect: forbid, when: {args: {disk.size_gb: {min: 10}}}, unless: {args: {disk.size_gb: {max: 9}}}}
  - {id: label, effect: forbid, when: {args: {labels.owner: {equals: db}}}, unless: {args: {labels.owner: {equals: web}}}}
`;

function open() {
  const given: Given = { planned: [], ran: [] };
  const target = { name: 'lab', environment: 'lab' };
  const at = harness(
    defineToolset<Given>({
      name: 'things',
      title: 'Things',
      version: '1.0.0',
      instructions: '',
      targets: async () => ({ list: () => [target], find: () => target }),
      connect: async () => ({ clients: given, close: async () => {} }),
      groups: { all: [rename] },
    }),
  );
  writeFileSync(at.home.rules, rules, { mode: 0o600 });
  const call = (input: unknown) =>
    at.governed.answer('rename_thing', input, { surface: 'mcp', dryRun: false, confirmed: true });
  return { ...at, given, call };
}

/** The first value, then the others in turn. */
function turning<T>(...values: readonly T[]) {
  let reads = 0;
  return () => values[Math.min(reads++, values.length - 1)];
}

const flips = ['web-1', 'db-1'] as const;
const withGetter = <T>(key: string, read: () => T, rest: object = {}) =>
  Object.defineProperty({ ...rest }, key, { get: read, enumerable: true });
const fine = { tags: ['web-1'], disk: { size_gb: 1 }, labels: { owner: 'web' } };

const hostile: [string, () => unknown][] = [
  ['a getter that changes its mind', () => withGetter('name', turning(...flips), fine)],
  [
    'a getter that changes it back',
    () => withGetter('name', turning('web-1', 'db-1', 'web-1'), fine),
  ],
  [
    'a getter that changes its mind later',
    () => withGetter('name', turning('web-1', 'web-1', 'db-1'), fine),
  ],
  [
    'a getter in an object',
    () => ({ ...fine, name: 'a', disk: withGetter('size_gb', turning(1, 100)) }),
  ],
  [
    'a getter in a record',
    () => ({ ...fine, name: 'a', labels: withGetter('owner', turning('web', 'db')) }),
  ],
  [
    'a getter in a list',
    () => {
      const tags: string[] = ['web-1'];
      Object.defineProperty(tags, 0, { get: turning(...flips), enumerable: true });
      return { ...fine, name: 'a', tags };
    },
  ],
  [
    'a proxy',
    () => {
      const read = turning(...flips);
      return new Proxy(
        { ...fine, name: 'web-1' },
        {
          get: (object, key) => (key === 'name' ? read() : Reflect.get(object, key)),
        },
      );
    },
  ],
  [
    'a getter of the prototype',
    () => Object.assign(Object.create(withGetter('name', turning(...flips))), fine),
  ],
  [
    'a key twice',
    () =>
      JSON.parse(
        '{"name":"db-1","name":"web-1","tags":["web-1"],"disk":{"size_gb":1},"labels":{"owner":"web"}}',
      ) as unknown,
  ],
  [
    'a prototype with other values',
    () => JSON.parse('{"__proto__":{"name":"web-1"},"name":"db-1"}') as unknown,
  ],
  [
    'a prototype in a record',
    () => ({
      ...fine,
      name: 'a',
      labels: JSON.parse('{"__proto__":"db","owner":"web"}') as unknown,
    }),
  ],
  ['an object that turns into text', () => ({ ...fine, name: { toString: turning(...flips) } })],
];

test.each(hostile)(
  '%s: what was decided is what is planned, run and written down, or nothing is run',
  async (_, make) => {
    await using at = open();
    const outcome = await at.call(make());
    const [intent] = at.audit().filter(({ phase }) => phase === 'intent');
    if (outcome?.status !== 'done') {
      expect(outcome).toMatchObject({ status: 'refused' });
      expect(at.given.ran).toEqual([]);
      expect(intent).toBeUndefined();
      return;
    }
    const [ran] = at.given.ran;
    expect(at.given.planned).toEqual([ran]);
    expect(bodyOf(intent)['args']).toEqual(ran);
    expect(intent?.args_sha).toBe(keyedDigest(at.home)(canonical(ran)));
    expect(intent?.decision).toBe('allow');
    // The rules permit nothing of a database, so nothing of one can have been run.
    expect(JSON.stringify(ran)).not.toMatch(/db|100/);
  },
);

test('some hostile inputs are carried out and some are refused', async () => {
  const ends = new Set<string | undefined>();
  for (const [, make] of hostile) {
    await using at = open();
    ends.add((await at.call(make()))?.status);
  }
  expect(ends).toEqual(new Set(['done', 'refused']));
});

test('an input that its owner changes during the call is carried out as it was', async () => {
  await using at = open();
  const input = { name: 'web-1', tags: ['web-1'], disk: { size_gb: 1 }, labels: { owner: 'web' } };
  const before = structuredClone(input);
  const answer = at.call(input);
  Object.assign(input, { name: 'db-1' });
  input.tags.push('db-1');
  input.disk.size_gb = 100;
  input.labels.owner = 'db';
  const outcome = await answer;
  // It may have been read before or after the change, and never in part.
  if (outcome?.status === 'done') expect(at.given.ran).toEqual([before]);
  else expect(outcome).toMatchObject({ status: 'refused', by: 'rules' });
});
