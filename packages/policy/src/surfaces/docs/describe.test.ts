import { expect, test } from 'vitest';
import { countersAt } from '../../../test/toolset.js';
import { homeAt } from '../../home.js';
import { records } from '../../tools/toolset.js';
import { ownInputs } from '../surface.js';
import { describe } from './describe.js';

const surface = describe(countersAt('http://127.0.0.1:1').toolset);
const tool = (name: string) => {
  const found = surface.tools.find(({ listing }) => listing.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

test('tools are listed in the order of their groups, each with its hints', () => {
  expect(surface.tools.map(({ listing, group }) => `${group}/${listing.name}`)).toEqual([
    'look/list_counters',
    'look/get_counter',
    'change/raise_counter',
    'change/reset_counter',
    'change/delete_counter',
  ]);
  expect(tool('get_counter').listing.annotations).toMatchObject({
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
  });
  expect(tool('raise_counter').listing.annotations).toMatchObject({
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
  });
  expect(tool('delete_counter').listing.annotations).toMatchObject({
    readOnlyHint: false,
    destructiveHint: true,
  });
});

test('reserved inputs are added: a target for reads, dry_run and consent for changes, confirmed for what destroys', () => {
  const inputs = (name: string) => Object.keys(tool(name).listing.inputSchema.properties ?? {});
  expect(inputs('get_counter')).toEqual(['name', 'target']);
  expect(inputs('raise_counter')).toEqual([
    'name',
    'tag',
    'by',
    'pin',
    'labels',
    'checked',
    'target',
    'dry_run',
    'consent',
    'ticket',
  ]);
  expect(inputs('delete_counter')).toEqual([
    'name',
    'tag',
    'target',
    'dry_run',
    'confirmed',
    'consent',
    'ticket',
  ]);
  expect(Object.keys(ownInputs(tool('delete_counter')))).toEqual(['name', 'tag']);
  expect(tool('delete_counter').listing.inputSchema).toMatchObject({
    additionalProperties: false,
    required: ['name'],
    properties: { dry_run: { default: true }, confirmed: { default: false } },
  });
});

test('tools that find out what is wrong take no target', () => {
  const own = describe(records(homeAt('/nowhere')));
  expect(own.tools.every(({ local }) => local)).toBe(true);
  const reads = own.tools.filter(({ effect }) => effect === 'read');
  expect(
    reads.flatMap(({ listing }) => Object.keys(listing.inputSchema.properties ?? {})),
  ).not.toContain('consent');
  expect(own.tools.filter(({ effect }) => effect !== 'read').every(({ cliOnly }) => cliOnly)).toBe(
    true,
  );
});

test('a secret stays marked, and schemas carry no noise a model pays for', () => {
  expect(tool('raise_counter').listing.inputSchema.properties?.['pin']).toMatchObject({
    writeOnly: true,
  });
  const text = JSON.stringify(surface.tools.map(({ listing }) => listing));
  for (const noise of ['$schema', '"title"', '9007199254740991', '"long"'])
    expect(text).not.toContain(noise);
  expect(JSON.stringify(surface.tools.map(({ listing }) => listing.outputSchema))).not.toContain(
    'description',
  );
});

test('a change answers with its output or with a preview, so it requires nothing of either', () => {
  const { outputSchema } = tool('delete_counter').listing;
  expect(Object.keys(outputSchema.properties ?? {})).toEqual([
    'action',
    'plan',
    'consent',
    'expires_at',
    'hint',
    'name',
  ]);
  expect(outputSchema).not.toHaveProperty('required');
  expect(tool('get_counter').listing.outputSchema.required).toEqual(['name', 'value', 'note']);
});

test('columns are those of the card, or the first fields of an item', () => {
  expect(tool('list_counters').columns).toEqual(['name', 'value']);
  expect(tool('get_counter').columns).toEqual([]);
});
