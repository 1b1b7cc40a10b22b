import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Surface } from '../surface.js';
import { render } from './render.js';

const items = [
  { name: 'web-01', power: 'on', size: 2, note: null, tags: ['a', 'b'] },
  { name: '=1+1', power: 'off', size: -3, note: 'two\nlines', tags: [] },
];
const output = { items, returned: 2, hint: '2 of 9 shown.' };
const tool = { columns: ['name', 'power'] };

test('a table has headings, aligned columns, and the hint below', async () => {
  expect(await render(tool, output, 'table')).toBe(
    'NAME     POWER\nweb-01   on\n=1+1     off\n2 of 9 shown.\n',
  );
});

test('wide shows every column; unknown is a dash, lists are joined, line breaks are not kept', async () => {
  const [head, first, second] = (await render(tool, output, 'wide')).split('\n');
  expect(head).toMatch(/^NAME +POWER +SIZE +NOTE +TAGS$/);
  expect(first).toMatch(/^web-01 +on +2 +- +a, b$/);
  expect(second).toContain('two lines');
});

test('CJK and emoji take two columns, combining marks none', async () => {
  const wide = {
    items: [
      { a: '東京', b: 1 },
      { a: 'abcd', b: 2 },
      { a: 'e\u0301', b: 3 },
      { a: '🚀', b: 4 },
    ],
  };
  expect(await render({ columns: [] }, wide, 'table')).toBe(
    'A      B\n東京   1\nabcd   2\ne\u0301      3\n🚀     4\n',
  );
});

test('an empty list says so in a table and is an empty list elsewhere', async () => {
  const empty = { items: [], hint: null };
  expect(await render(tool, empty, 'table')).toBe('Nothing found.\n');
  expect(await render(tool, empty, 'name')).toBe('');
  expect(JSON.parse(await render(tool, empty, 'json'))).toEqual(empty);
});

test('json, jsonl and yaml say everything', async () => {
  const { parse } = await import('yaml');
  expect(JSON.parse(await render(tool, output, 'json'))).toEqual(output);
  expect(parse(await render(tool, output, 'yaml'))).toEqual(output);
  const lines = (await render(tool, output, 'jsonl')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(items);
});

test('name prints one name a line', async () => {
  expect(await render(tool, output, 'name')).toBe('web-01\n=1+1\n');
});

/** A row of each list that a program has, every field with its own name in it. */
const rowsOf = (name: string): [usage: string, row: Record<string, string>][] => {
  const file = join(import.meta.dirname, '../../../..', name, 'surface.json');
  const { tools } = JSON.parse(readFileSync(file, 'utf8')) as Surface;
  return tools.flatMap(({ usage, listing }) => {
    const fields = listing.outputSchema.properties?.['items']?.items?.properties;
    const names = Object.keys(fields ?? {}).map((field) => [field, field]);
    return fields ? [[usage, Object.fromEntries(names) as Record<string, string>]] : [];
  });
};

test.each(['vsphere', 'nsx-security', 'vks', 'policy'])(
  'every list of %s has a name for its rows that other commands take',
  async (program) => {
    const named = ['name', 'id', 'path', 'file', 'namespace', 'service', 'seq'];
    for (const [usage, row] of rowsOf(program)) {
      const printed = (await render({ columns: [] }, { items: [row] }, 'name')).trim();
      // What is wrong in a file, or differs between two, has no name, and no command takes one.
      if (!/^rules (lint|diff)/.test(usage))
        expect([usage, named]).toEqual([usage, expect.arrayContaining([printed])]);
    }
  },
);

test('without headings a table and CSV have rows only, and an empty table is empty', async () => {
  const bare = { headers: false };
  expect(await render(tool, output, 'table', bare)).toBe('web-01   on\n=1+1     off\n');
  expect(await render(tool, { items: [] }, 'table', bare)).toBe('');
  expect(await render(tool, { items: [{ name: 'a' }] }, 'csv', bare)).toBe('a\n');
});

test('csv follows RFC 4180, and no cell is a formula to a spreadsheet', async () => {
  const rows = ['=cmd()', '+1', '-1', '@x', '\tx', 'a,b', 'say "hi"', 'plain'].map((name) => ({
    name,
    n: -1,
  }));
  expect(await render({ columns: ['name'] }, { items: rows }, 'csv')).toBe(
    [
      'name,n',
      "'=cmd(),-1",
      "'+1,-1",
      "'-1,-1",
      "'@x,-1",
      "'\tx,-1",
      '"a,b",-1',
      '"say ""hi""",-1',
      'plain,-1',
      '',
    ].join('\n'),
  );
});

test("jsonpath is RFC 9535 or kubectl's short form, one match a line", async () => {
  for (const path of ['$.items[*].name', '{.items[*].name}', '.items[*].name'])
    expect(await render(tool, output, `jsonpath=${path}`)).toBe('web-01\n=1+1\n');
  expect(await render(tool, output, 'jsonpath=$.items[?@.size > 0].tags')).toBe('["a","b"]\n');
  await expect(render(tool, output, 'jsonpath=$..[')).rejects.toMatchObject({
    code: 'USAGE',
    remedy: expect.stringContaining('RFC 9535'),
  });
});

test('one object is key and value lines, with what is nested under its key', async () => {
  expect(await render(tool, { name: 'x', on: true, disks: [{ gb: 1 }] }, 'table')).toBe(
    'name    x\non      true\ndisks\n  gb   1\n',
  );
});

test('a format nobody knows is a usage error that lists the others', async () => {
  await expect(render(tool, output, 'xml')).rejects.toMatchObject({
    code: 'USAGE',
    remedy: expect.stringContaining('jsonpath='),
  });
});
