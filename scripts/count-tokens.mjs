// What listing the tools costs a model. o200k_base stands in for tokenizers that are not published.
// With --check it fails above the budget: a median of 160 tokens for name, description and input, 350 with output.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listingTokens } from '@vmware/policy/docs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';

const budget = { input: 160, whole: 350 };
const surfaces = ['vsphere', 'nsx-security', 'vks', 'policy'].map((name) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '..', 'packages', name, 'surface.json'), 'utf8'),
  ),
);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const check = process.argv.includes('--check');
let over = false;
for (const surface of surfaces) {
  const costs = listingTokens(surface, (text) => encode(text).length);
  process.stdout.write(`vmware-${surface.name}: ${costs.length} tools\n`);
  for (const { tool, input, whole } of check ? [] : costs)
    process.stdout.write(
      `  ${tool.padEnd(24)} ${String(input).padStart(5)} ${String(whole).padStart(5)}\n`,
    );
  const found = {
    input: median(costs.map(({ input }) => input)),
    whole: median(costs.map(({ whole }) => whole)),
  };
  const total = costs.reduce((sum, { input }) => sum + input, 0);
  process.stdout.write(
    `  median ${found.input} (at most ${budget.input}), with output schemas ${found.whole} (at most ${budget.whole}); all ${total}\n`,
  );
  over ||= found.input > budget.input || found.whole > budget.whole;
}
if (over) process.stdout.write('Over budget: shorten summaries, input descriptions or outputs.\n');
process.exit(over ? 1 : 0);
