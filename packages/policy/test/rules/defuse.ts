import { parentPort, workerData } from 'node:worker_threads';
import { stringify } from 'yaml';
import { judge } from '../../src/rules/judge.js';
import { loadRules } from '../../src/rules/load.js';
import type { Bomb } from './bombs.js';

/** Whether a rule with the pattern permits a call with the value: through the loader and the judge. */
async function isMatch({ kind, pattern, text }: Bomb): Promise<boolean> {
  const rule = { id: 'bomb', effect: 'permit', when: { args: { name: { [kind]: pattern } } } };
  const set = await loadRules(Buffer.from(stringify({ version: 1, rules: [rule] })));
  const question = {
    tool: { name: 'rename_vm', effect: 'write', risk: 'low', level: 'power_ops' },
    input: { name: text },
    target: {},
    roles: [],
    when: 'after',
    rates: new Map(),
  } as const;
  return judge(set, question, new Date(0)).allowed;
}

for (const bomb of workerData as readonly Bomb[]) parentPort?.postMessage(await isMatch(bomb));
