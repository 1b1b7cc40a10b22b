import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../src/surfaces/cli/render.js';
import { describe } from '../src/surfaces/docs/describe.js';
import { harness } from '../src/testing/harness.js';
import { getKey, safeAt } from './safe.js';

const line = 'a'.repeat(3_000);
const key = `apiVersion: v1\ncontexts:\n- name: one\ntoken: ${line}\n`;

test('a credential is handed over whole, with its lines', async () => {
  await using at = harness(safeAt({ coins: 0, key }));
  expect(await at.call(getKey, {})).toMatchObject({
    status: 'done',
    output: { owner: 'alice', key_file: key },
  });
});

test('its row has its SHA-256 and its size, and nothing of it', async () => {
  await using at = harness(safeAt({ coins: 0, key }));
  await at.call(getKey, {});
  const sha256 = createHash('sha256').update(key).digest('hex');
  const [row] = at.audit();
  expect(JSON.parse(row?.body ?? '')).toMatchObject({
    handed_over: [{ field: 'key_file', bytes: key.length, sha256 }],
  });
  await at[Symbol.asyncDispose]();
});

test('no file of the home has it', async () => {
  await using at = harness(safeAt({ coins: 0, key }));
  await at.call(getKey, {});
  expect(readFileSync(at.home.auditDb, 'latin1')).not.toContain(line.slice(0, 200));
});

test('an answer without one is recorded like any other', async () => {
  await using at = harness(safeAt({ coins: 0, key: '' }));
  await at.call(getKey, {});
  expect(JSON.parse(at.audit()[0]?.body ?? '')).toMatchObject({ result: { owner: 'alice' } });
});

test('a terminal prints it byte for byte, and facts where there is none', async () => {
  const tool = describe(safeAt({ coins: 0, key })).tools.find(({ group }) => group === 'key');
  if (!tool) throw new Error('The tool is not listed');
  expect(await render(tool, { owner: 'alice', key_file: key }, 'text')).toBe(key);
  expect(await render(tool, { owner: 'alice', key_file: null }, 'text')).toContain('alice');
});
