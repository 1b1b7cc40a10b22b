import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSkills } from '@modelcontextprotocol/server/ext/skills/node';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../skills');
const names = readdirSync(root);

test('every skill is valid under the Agent Skills specification', async () => {
  // Strict: it throws SkillCatalogError with every problem of every skill.
  expect(await loadSkills(root, { strict: true })).toBeDefined();
});

for (const name of names)
  test(`${name} stays short enough to be loaded`, () => {
    const text = readFileSync(join(root, name, 'SKILL.md'), 'utf8');
    expect(text.split('\n').length).toBeLessThan(500);
    expect(text).toContain(`name: ${name}`);
    expect(text).toContain('Not affiliated with VMware or Broadcom');
  });
