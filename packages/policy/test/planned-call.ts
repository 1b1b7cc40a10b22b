import type { Call } from '../src/call.js';
import { callFor } from '../src/request.js';
import type { Plan } from '../src/tool.js';
import { countersAt } from './toolset.js';

const { toolset, tools } = countersAt('http://127.0.0.1:1');

export { tools };

export const plan: Plan = {
  summary: 'Raise red',
  changes: [],
  requests: ['POST counter:red'],
  blast_radius: { total: 1, objects: [], reversible: true },
  blockers: [],
  unmeasured: [],
};

export const caller = {
  user: 'ann',
  agent: 'a/1',
  session: 's',
  groups: [],
  surface: 'mcp' as const,
};

export const verdict = {
  allowed: true,
  rule: 'default',
  reason: '',
  remedy: '',
  rules: 'digest-1',
};

/** A call as it reaches `confirm`. */
export async function planned(more: Partial<Call> = {}, target = 'lab'): Promise<Call> {
  const found = { tool: tools.raiseCounter, group: 'change' };
  const call = await callFor(
    'p',
    found,
    { name: 'red' },
    { surface: 'mcp', target },
    toolset.targets,
    async () => ({}),
  );
  return { ...call, caller, verdict, plan, ...more };
}
