// `npm run new:tool <package> <group> <tool_name> <read|write|destroy>`: writes a card, its test and the group line.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [pkg, group, name, effect] = process.argv.slice(2);
const usage = 'Usage: npm run new:tool <package> <group> <tool_name> <read|write|destroy>';
const stop = (why) => {
  process.stderr.write(`${why}\n${usage}\n`);
  process.exit(2);
};
if (!effect) stop('Four words are needed.');
if (!/^[a-z]+(_[a-z0-9]+)+$/.test(name)) stop(`"${name}" is not verb_noun in snake_case.`);
if (!['read', 'write', 'destroy'].includes(effect)) stop(`"${effect}" is not an effect.`);
const src = join(import.meta.dirname, '..', 'packages', pkg, 'src');
const toolset = join(src, 'toolset.ts');
if (!existsSync(toolset)) stop(`packages/${pkg} has no src/toolset.ts.`);

const file = name.replaceAll('_', '-');
const variable = name.replaceAll(/_(\w)/g, (_, c) => c.toUpperCase());
const [verb, ...nouns] = name.split('_');
const folder = join(src, 'tools', group);
const card = join(folder, `${file}.ts`);
if (existsSync(card)) stop(`${card} exists.`);

const before = readFileSync(toolset, 'utf8');
const line = /(\n( +)groups: \{[\s\S]*?\n)( +)\}/;
const inGroup = new RegExp(`(\\n +${group}: \\[)([^\\]]*)(\\],)`);
const withLine = inGroup.test(before)
  ? before.replace(
      inGroup,
      (_, open, tools, close) => `${open}${tools ? `${tools}, ` : ''}${variable}${close}`,
    )
  : before.replace(
      line,
      (_, groups, indent, end) => `${groups}${indent}  ${group}: [${variable}],\n${end}}`,
    );
if (withLine === before) stop(`${toolset} has no groups to add to.`);
const imported = `import { ${variable} } from './tools/${group}/${file}.js';\n`;
const withImport = withLine.replace(/(?<=\n)(?=import \{ version \})/, imported);

const change = effect !== 'read';
const plan = `
  .plan(async ({ name }, _clients, _context) => ({
    summary: \`${verb} \${name}\`,
    changes: [],
    requests: [],
    blast_radius: { total: 0, objects: [], reversible: ${effect === 'write'} },
    blockers: [],
    unmeasured: ['everything: this plan is not written yet'],
  }))
  .run(async ({ name }, _clients, _context) => ({ name }));
`;
mkdirSync(folder, { recursive: true });
writeFileSync(
  card,
  `import * as z from 'zod';
import { defineTool } from '../../define.js';

export const ${variable} = defineTool({
  name: '${name}',
  usage: '${group} ${verb} <name>',
  summary: '${verb[0].toUpperCase()}${verb.slice(1)} ${nouns.join(' ')} by name, in one sentence a model can choose by.',
  effect: '${effect}',
  risk: '${{ read: 'low', write: 'medium', destroy: 'high' }[effect]}',
  level: '${change ? 'vm_lifecycle' : 'read_only'}',
  input: z.object({ name: z.string().min(1).max(300).describe('Name of it.') }),
  output: z.object({ name: z.string() }),
})${change ? plan : `.run(async ({ name }, _clients, _context) => ({ name }));\n`}`,
);
writeFileSync(
  join(folder, `${file}.test.ts`),
  `import { expect, test } from 'vitest';
import { lab } from '../../../test/lab.js';
import { ${variable} } from './${file}.js';

test('${name} says what it found', async () => {
  await using vc = await lab();
  expect(await vc.call(${variable}, { name: 'web-01' })).toMatchObject({ status: 'done', output: { name: 'a real answer' } });
});
`,
);
writeFileSync(toolset, withImport);
process.stdout.write(`Wrote ${card} and its test, and added ${variable} to ${group} in ${toolset}.
Next: fill in the card, make its test true, add its inputs to test/changes.ts when it changes things, then npm run docs.\n`);
