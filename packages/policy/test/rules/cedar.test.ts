import { setFlagsFromString } from 'node:v8';
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { consentLevels } from '../../src/call.js';
import { judge, type Traced } from '../../src/rules/judge.js';
import { loadRules } from '../../src/rules/load.js';
import { contextOf } from './cedar-context.js';
import { type Asked, asked } from './random-requests.js';
import { argumentFile, fileForm } from './random-rules.js';
import type { FileForm } from './rules-data.js';
import { policiesOf, requirementsOf } from './to-cedar.js';

// Node 20's V8 aborts when it falls back from an inlined call of WebAssembly.
setFlagsFromString('--no-turbo-inline-js-wasm-calls');

const load = (form: FileForm) => loadRules(Buffer.from(stringify(form)));
const perFile = 5;
const withRequests = (files: fc.Arbitrary<FileForm>) =>
  files.chain((form) =>
    fc.tuple(fc.constant(form), fc.array(asked(form), { minLength: perFile, maxLength: perFile })),
  );

function parse(policies: Record<string, string>): void {
  const parsed = preparsePolicySet('rules', { staticPolicies: policies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
}

/** What Cedar makes of the parsed policies: the decision, and every policy that decides. */
function byCedar(form: FileForm, one: Asked): { allowed: boolean; by: string[] } {
  const answer = statefulIsAuthorized({
    principal: { type: 'Caller', id: 'ann' },
    action: { type: 'Action', id: 'call' },
    resource: { type: 'Target', id: 'vc' },
    context: contextOf(form, one),
    entities: [],
    preparsedPolicySetId: 'rules',
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  expect(diagnostics.errors).toEqual([]);
  const by = diagnostics.reason.filter((id) => !id.startsWith('default')).sort();
  return { allowed: decision === 'allow', by };
}

const matched = (trace: readonly Traced[], effect: Traced['effect']): string[] =>
  trace
    .filter((one) => one.matched && one.effect === effect)
    .map(({ rule }) => rule)
    .sort();

/** How often each kind was seen. */
function tally() {
  const counts = new Map<string, number>();
  return {
    counts,
    add: (kind: string) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    least: () => Math.min(...counts.values()),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}

test('10,000 decisions of 2,000 random files are the ones Cedar makes, by the same rules', async () => {
  const kinds = tally();
  await fc.assert(
    fc.asyncProperty(withRequests(fileForm(50)), async ([form, requests]) => {
      const set = await load(form);
      parse(policiesOf(form));
      for (const one of requests) {
        const { allowed, rule, trace } = judge(set, one.question, one.at);
        const cedar = byCedar(form, one);
        expect(allowed).toBe(cedar.allowed);
        expect(rule).toBe(cedar.by[0] ?? 'default');
        expect(matched(trace, allowed ? 'permit' : 'forbid')).toEqual(cedar.by);
        kinds.add(`${allowed ? 'allowed' : 'denied'} by ${rule === 'default' ? rule : 'a rule'}`);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(kinds.total()).toBe(10_000);
  expect(kinds.counts.size).toBe(4);
  expect(kinds.least()).toBeGreaterThan(200);
}, 120_000);

const strictness = (level: string) => (consentLevels as readonly string[]).indexOf(level);

/** The consent that the documentation promises, from the requires that Cedar says match. */
function promised(
  { rules, default: { consent = {} } }: FileForm,
  { question }: Asked,
  by: string[],
) {
  const { risk: named, effect } = question.tool;
  if (effect === 'read') return { consent: 'none', consentRule: 'default' };
  const risk = ['low', 'medium', 'high'].includes(named) ? named : 'critical';
  const inProduction = question.target.environment?.startsWith('prod');
  const usual = { low: 'none', medium: 'flag', high: inProduction ? 'seal' : 'flag' };
  const least = consent[risk] ?? Reflect.get(usual, risk) ?? 'seal';
  const demands = [{ id: 'default', level: least }];
  for (const id of by) {
    const { consent: level = 'none', dry_run_first } =
      rules.find((rule) => rule.id === id)?.obligations ?? {};
    demands.push({ id, level });
    if (dry_run_first) demands.push({ id, level: 'seal' });
  }
  const highest = Math.max(...demands.map(({ level }) => strictness(level)));
  const strictest = demands.find(({ level }) => strictness(level) === highest);
  return { consent: strictest?.level, consentRule: strictest?.id };
}

test('of all requires that match the strictest consent wins, in 5,000 questions', async () => {
  const levels = tally();
  const requires = fileForm(4, fc.constantFrom('require', 'require', 'require', 'permit'));
  await fc.assert(
    fc.asyncProperty(withRequests(requires), async ([form, requests]) => {
      const set = await load(form);
      parse(requirementsOf(form));
      for (const one of requests) {
        const { consent, consentRule, trace } = judge(set, one.question, one.at);
        const { by } = byCedar(form, one);
        expect(matched(trace, 'require')).toEqual(by);
        expect({ consent, consentRule }).toEqual(promised(form, one, by));
        levels.add(`${consent} by ${consentRule === 'default' ? 'default' : 'a rule'}`);
      }
    }),
    { numRuns: 1_000 },
  );
  for (const level of ['flag', 'seal', 'human'])
    for (const who of ['default', 'a rule'])
      expect([...levels.counts.keys()]).toContain(`${level} by ${who}`);
}, 120_000);

test('1,000 files decide, name rules and ask for consent alike when their rules are shuffled', async () => {
  const shuffled = fileForm(30)
    .filter(({ rules }) => rules.length > 1)
    .chain((form) =>
      fc.tuple(
        fc.constant(form),
        fc.shuffledSubarray([...form.rules], { minLength: form.rules.length }),
        fc.array(asked(form), { minLength: 3, maxLength: 3 }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([form, rules, requests]) => {
      const [set, other] = await Promise.all([load(form), load({ ...form, rules })]);
      for (const { question, at } of requests) {
        // Only the places in the file may differ.
        const [first, second] = [set, other].map((one) => {
          const { where: _, trace, ...decision } = judge(one, question, at);
          const fared = trace.map(({ line: __, where: ___, ...rest }) => rest);
          return { decision, fared: fared.sort((a, b) => (a.rule < b.rule ? -1 : 1)) };
        });
        expect(second).toEqual(first);
      }
    }),
    { numRuns: 1_000 },
  );
}, 120_000);

test('40,000 conditions on one argument hold, fail or are unknown just as in Cedar', async () => {
  const alone = fc
    .constantFrom('permit' as const, 'forbid' as const)
    .chain((effect) =>
      argumentFile(effect, 20).chain((form) =>
        fc.tuple(fc.constant(form), fc.array(asked(form), { minLength: 10, maxLength: 10 })),
      ),
    );
  const answers = tally();
  await fc.assert(
    fc.asyncProperty(alone, async ([form, requests]) => {
      const set = await load(form);
      parse(policiesOf(form));
      for (const one of requests) {
        const { trace } = judge(set, one.question, one.at);
        const holding = [...matched(trace, 'permit'), ...matched(trace, 'forbid')];
        expect(holding).toEqual(byCedar(form, one).by);
        for (const { matched: holds, effect } of trace) answers.add(`${effect} ${holds}`);
      }
    }),
    { numRuns: 200 },
  );
  expect(answers.total()).toBe(40_000);
  expect(answers.least()).toBeGreaterThan(100);
}, 120_000);
