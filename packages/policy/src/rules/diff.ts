import { canonical } from '../audit/event.js';
import { explain } from './explain.js';
import type { ToolFacts } from './question.js';
import type { Rule, RuleSet } from './rule-set.js';

/** Where a question is asked. An empty environment is a target without a label. */
export interface Place {
  readonly target: string;
  readonly environment: string;
}

/** One question that two files answer differently. `null` is a caller whom no role names. */
export interface Difference extends Place {
  readonly tool: string;
  readonly role: string | null;
  readonly old: string;
  readonly new: string;
}

/** What is asked of both files: every tool in every place by every role, without arguments or a plan. */
export interface Questions {
  readonly places: readonly Place[];
  readonly roles: readonly (string | null)[];
}

const neither = 'other';

/** Every name and environment that a rule of either file names, one that none names, and no label. */
export function questionsFor(...sets: readonly RuleSet[]): Questions {
  const rules = sets.flatMap((set) => set.rules);
  const named = (patterns: readonly (readonly string[] | undefined)[]) => [
    ...new Set([...patterns.flatMap((some) => some ?? []).map(example), neither]),
  ];
  const environments = [...named(rules.map((rule) => rule.environments)), ''];
  return {
    places: named(rules.map(({ names }) => names)).flatMap((target) =>
      environments.map((environment) => ({ target, environment })),
    ),
    roles: [...new Set(sets.flatMap((set) => (set.roles ?? []).map(({ name }) => name))), null],
  };
}

/** A text that a glob matches. */
const example = (pattern: string): string =>
  pattern.replaceAll('*', '').replaceAll('?', 'x') || neither;

/** Every question that the files answer differently. */
export function differences(
  [old, next]: readonly [RuleSet, RuleSet],
  tools: readonly ToolFacts[],
  { places, roles }: Questions,
  now: Date,
): Difference[] {
  return tools.flatMap((tool) =>
    places.flatMap((place) =>
      roles.flatMap((role) => {
        const before = answer(old, tool, place, role, now);
        const after = answer(next, tool, place, role, now);
        if (before.gist === after.gist) return [];
        return [{ tool: tool.name, ...place, role, old: before.text, new: after.text }];
      }),
    ),
  );
}

/** `gist` is what a caller notices; which rule it comes from is only told. */
function answer(
  set: RuleSet,
  tool: ToolFacts,
  { target, environment }: Place,
  role: string | null,
  now: Date,
): { gist: string; text: string } {
  // Without a roles section a name gives nothing, and the local user has every level.
  const as = role === null || set.roles === undefined ? {} : { role };
  const said = explain(set, { tool, as, target: { name: target, environment } }, now);
  if (!said.allowed) return { gist: 'deny', text: `deny by ${said.rule}` };
  if (tool.effect === 'read') return { gist: 'allow', text: 'allow' };
  const { consent, approvals, tickets } = said.decision;
  const gist = [
    'allow',
    `consent ${consent}`,
    ...(approvals > 0 ? [`approvals ${approvals}`] : []),
    ...[...tickets].sort().map((ticket) => `ticket ${ticket}`),
  ].join(', ');
  return { gist, text: gist };
}

export interface Edits {
  readonly added: string[];
  readonly removed: string[];
  readonly changed: string[];
}

/** Rules by id, and everything else in the files by its key. The order of rules is no change. */
export function edits(old: RuleSet, next: RuleSet): Edits {
  const [before, after] = [partsOf(old), partsOf(next)];
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after].flatMap(([name, text]) =>
      before.has(name) && before.get(name) !== text ? [name] : [],
    ),
  };
}

/** What stands in a file, as text by name. Two rules of one name, as the family form may have them, are one part. */
function partsOf(set: RuleSet): Map<string, string> {
  const { fallback, consent, rules, roles = [], approvals, breakGlass, budgets, runaway } = set;
  const parts = new Map<string, string>([['default', canonical({ fallback, consent })]]);
  for (const { place: _, ...role } of roles) parts.set(`roles.${role.name}`, canonical(role));
  for (const [name, part] of Object.entries({
    approvals,
    break_glass: breakGlass,
    budgets,
    runaway,
  }))
    if (part !== undefined) parts.set(name, canonical(part));
  for (const rule of rules)
    parts.set(
      rule.id,
      [...(parts.get(rule.id)?.split('\n') ?? []), textOf(rule)].sort().join('\n'),
    );
  return parts;
}

const textOf = ({ place: _, where: __, conditions: ___, rate: ____, ...said }: Rule): string =>
  canonical(said);
