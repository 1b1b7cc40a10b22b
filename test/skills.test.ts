import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

interface Evals {
  readonly skill_name: string;
  readonly evals: readonly {
    readonly prompt: string;
    readonly expectations: readonly string[];
    readonly tools: readonly string[];
    readonly commands: readonly string[];
  }[];
}
interface Surface {
  readonly tools: readonly {
    readonly usage: string;
    readonly listing: { readonly name: string };
  }[];
}

const evaluated = names.filter((name) => existsSync(join(root, name, 'evals/evals.json')));

test.each(evaluated)(
  'every tool that the evals of %s name exists, and every command parses',
  (name) => {
    const { skill_name, evals } = read<Evals>(join(root, name, 'evals/evals.json'));
    const { tools } = read<Surface>(
      join(root, '../packages', name.replace('vmware-', ''), 'surface.json'),
    );
    const known = new Set(tools.map(({ listing }) => listing.name));
    expect(skill_name).toBe(name);
    expect(evals.length).toBeGreaterThan(2);
    for (const one of evals) {
      expect(one.expectations.length).toBeGreaterThan(1);
      expect(one.tools.filter((tool) => !known.has(tool))).toEqual([]);
    }
  },
);

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
