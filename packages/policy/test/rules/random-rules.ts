import fc from 'fast-check';
import { consentLevels } from '../../src/call.js';
import { risks } from '../../src/rules/schema.js';
import { days } from '../../src/rules/windows.js';
import type { ArgumentData, ConditionData, FileForm, RuleData, WindowData } from './rules-data.js';

// Few words, so that rules and requests often meet. The two spellings of é are the same text.
const words = [
  'web-1',
  'web-22',
  'db-1',
  'e\u0301',
  '\u00e9',
  'e\u0301',
  '\u00e9',
  '\u{1f680}a',
  'q"\\\n',
  '',
];
const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 7 });
export const text = fc.oneof(fc.constantFrom(...words), letters);
const pattern = fc.oneof(
  fc.constantFrom('web-*', '*-1', 'db-1', '*', '**', 'w*-*2*', '\u00e9', 'e\u0301*', '\u{1f680}*'),
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 6 }),
);
export const number = fc.integer({ min: -12, max: 40 }).map((n) => n / 4);
export const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const argumentNames = ['name', 'count', 'force', 'disk.size_gb', 'disk.kind', 'tags'] as const;
export const tools = ['delete_vm', 'power_on', 'power_off', 'list_vms', 'bump_counter'] as const;
const toolPattern = fc.constantFrom(
  ...tools,
  'delete_*',
  'power_*',
  '*_vm*',
  '*',
  'p*n*',
  'nothing',
);
export const environment = fc.constantFrom('prod', 'production-eu', 'lab', 'e\u0301tage');
export const targetName = fc.constantFrom('vc-1', 'vc-2', 'nsx');
export const roleNames = ['ops', 'admins', 'readers'] as const;

const bounds = (value: fc.Arbitrary<number>) =>
  fc.tuple(value, value, fc.constantFrom('min', 'max', 'both')).map(([a, b, which]) => ({
    ...(which === 'max' ? {} : { min: Math.min(a, b) }),
    ...(which === 'min' ? {} : { max: Math.max(a, b) }),
  }));
const list = <T>(item: fc.Arbitrary<T>, maxLength = 3) => fc.array(item, { maxLength });

const argument: fc.Arbitrary<ArgumentData> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ glob: pattern }) },
  { weight: 2, arbitrary: fc.record({ equals: scalar }) },
  { weight: 2, arbitrary: fc.record({ in: list(scalar) }) },
  { weight: 2, arbitrary: bounds(number) },
  fc.record({ glob: pattern, in: list(text) }),
);
export const clock = fc.constantFrom('00:00', '00:01', '08:59', '12:00', '17:30', '23:59');
const someDays = fc.subarray([...days]);
const window: fc.Arbitrary<WindowData> = fc.oneof(
  fc.record({ from: clock, to: clock }),
  fc.record({ days: someDays }),
  fc.record({ days: someDays, from: clock, to: clock }),
);
const conditions = fc
  .record(
    {
      args: fc.dictionary(fc.constantFrom(...argumentNames), argument, { minKeys: 1, maxKeys: 2 }),
      window,
      rate: fc.record({ max: fc.nat(6), per: fc.constantFrom('30s', '10m', '2h', '1d') }),
      blast_radius: bounds(fc.nat(8)),
    },
    { requiredKeys: [] },
  )
  .filter((value) => Object.keys(value).length > 0);

const effects = fc.subarray(['read', 'write', 'destroy'], { minLength: 1 });
const riskRange = fc
  .record({ min: fc.constantFrom(...risks), max: fc.constantFrom(...risks) }, { requiredKeys: [] })
  .filter(
    ({ min, max }) =>
      (min ?? max) !== undefined && (!min || !max || risks.indexOf(min) <= risks.indexOf(max)),
  );
const targets = fc
  .record({ names: list(targetName, 2), environments: list(environment, 2) }, { requiredKeys: [] })
  .filter((value) => Object.keys(value).length > 0);
const obligations = fc
  .record(
    {
      // A second person is judged by other rules of the engine, and tested where they are.
      consent: fc.constantFrom(...consentLevels.filter((level) => level !== 'second_person')),
      dry_run_first: fc.constant(true as const),
    },
    { requiredKeys: [] },
  )
  .filter((value) => Object.keys(value).length > 0);

/** Given in `times` of 6 cases. */
export const given = <T>(arbitrary: fc.Arbitrary<T>, times = 2) =>
  fc.oneof({ weight: times, arbitrary }, { weight: 6 - times, arbitrary: fc.constant(undefined) });

const ruleBody = (effect: fc.Arbitrary<RuleData['effect']>) =>
  fc
    .record({
      effect,
      tools: given(list(toolPattern), 5),
      effects: given(effects),
      risk: given(riskRange),
      targets: given(targets),
      roles: given(fc.subarray([...roleNames])),
      when: given(conditions, 4),
      unless: given(conditions),
      obligations,
    })
    .map(({ effect: decided, obligations: asked, effects: named, unless, ...rest }) => {
      const isRequire = decided === 'require';
      return {
        effect: decided,
        ...withoutGaps({
          ...rest,
          unless: rest.when?.rate && unless?.rate ? withoutRate(unless) : unless,
          effects: isRequire ? named?.filter((one) => one !== 'read') : named,
          obligations: isRequire ? asked : undefined,
        }),
      };
    });

/** A rule has one rate, in `when` or in `unless`. */
function withoutRate({ rate: _, ...rest }: ConditionData): ConditionData | undefined {
  return Object.keys(rest).length > 0 ? rest : undefined;
}

type WithoutGaps<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };
const withoutGaps = <T extends object>(value: T) =>
  Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as WithoutGaps<T>;

/** One rule that forbids decides; so that others do too there are more that permit. */
const permits = ['permit', 'permit', 'permit', 'permit'] as const;

/** Files of up to `max` rules. Ids are in no order of the file's. */
export const fileForm = (
  max: number,
  effect: fc.Arbitrary<RuleData['effect']> = fc.constantFrom('forbid', ...permits, 'require'),
): fc.Arbitrary<FileForm> =>
  fc
    .record({
      read: fc.constantFrom<'permit' | 'forbid'>('permit', 'forbid'),
      write: fc.constantFrom<'permit' | 'forbid'>('permit', 'forbid'),
      consent: given(
        fc.dictionary(fc.constantFrom(...risks), fc.constantFrom('none', 'flag', 'seal', 'human')),
      ),
      // Most are small, so that no single rule drowns the others.
      bodies: fc.oneof(
        { weight: 3, arbitrary: fc.array(ruleBody(effect), { maxLength: Math.min(max, 12) }) },
        { weight: 1, arbitrary: fc.array(ruleBody(effect), { maxLength: max, size: 'max' }) },
      ),
      names: fc.shuffledSubarray(ids.slice(0, max), { minLength: max }),
    })
    .map(({ read, write, consent, bodies, names }) => ({
      version: 1,
      default: { read, write, ...(consent ? { consent } : {}) },
      roles: Object.fromEntries(
        roleNames.map((name) => [name, { users: [name], level: 'full_admin' }]),
      ),
      rules: bodies.map((body, index): RuleData => ({ id: names[index] ?? `x-${index}`, ...body })),
    }));

/** A file of `count` rules that differ only in what they ask of one argument. */
export const argumentFile = (effect: RuleData['effect'], count: number): fc.Arbitrary<FileForm> =>
  fc
    .array(fc.tuple(fc.constantFrom(...argumentNames), argument), {
      minLength: count,
      maxLength: count,
    })
    .map((some) => ({
      version: 1,
      default: { read: 'forbid', write: 'forbid' },
      roles: {},
      rules: some.map(([name, one], index) => ({
        id: `r${index}`,
        effect,
        when: { args: { [name]: one } },
      })),
    }));

const ids = Array.from({ length: 50 }, (_, index) => `r${index}`);
