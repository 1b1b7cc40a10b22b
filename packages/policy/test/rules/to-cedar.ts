import type { ArgumentData, ConditionData, FileForm, RuleData, Scalar } from './rules-data.js';

/**
 * A rules file in Cedar's words, for requests as `contextOf` puts them. Cedar skips a policy that fails, so nothing may fail: values
 * carry their type as the name of a field, and every access asks `has` first. What is missing is decided here
 * once, by asking a forbid whether its conditions can fail and a permit whether they surely hold.
 *
 * Left out: `?` in globs and `re`, which `like` does not have, zones other than UTC, and the family form.
 */
export const policiesOf = ({
  default: { read, write },
  rules,
}: FileForm): Record<string, string> => ({
  ...(read === 'permit' ? { default: policy('permit', ['context.effect == "read"']) } : {}),
  ...(write === 'permit'
    ? { 'default-write': policy('permit', ['context.effect != "read"']) }
    : {}),
  ...Object.fromEntries(
    rules.flatMap((rule) => (rule.effect === 'require' ? [] : [[rule.id, policyOf(rule)]])),
  ),
});

/** Every `require` as a forbid, so that Cedar names all that match. */
export const requirementsOf = ({ rules }: FileForm): Record<string, string> =>
  Object.fromEntries(
    rules.flatMap(({ effect, effects = ['write', 'destroy'], ...rule }) =>
      effect === 'require' ? [[rule.id, policyOf({ ...rule, effects, effect: 'forbid' })]] : [],
    ),
  );

/** A condition in three Cedar expressions; at most one is true, and none when something is missing. */
interface Trio {
  readonly yes: string;
  readonly no: string;
  /** Waits for a plan. */
  readonly later: string;
}

const policy = (effect: 'forbid' | 'permit', conditions: readonly string[]) =>
  `${effect}(principal, action, resource)${conditions.map((one) => `\nwhen { ${one} }`).join('')};`;

function policyOf(rule: RuleData): string {
  const conditions = conditionsOf(rule);
  return rule.effect === 'permit'
    ? policy(
        'permit',
        conditions.map(({ yes, later }) => or([yes, later])),
      )
    : policy(
        'forbid',
        conditions.map(({ no, later }) => `!${or([no, later])}`),
      );
}

const or = (some: readonly string[]) => `(${['false', ...some].join(' || ')})`;
const and = (some: readonly string[]) => `(${['true', ...some].join(' && ')})`;
const known = (holds: string): Trio => ({ yes: holds, no: `!(${holds})`, later: 'false' });
/** Known only where `guard` holds. */
const where = (guard: string, holds: string): Trio => ({
  yes: `(${guard} && ${holds})`,
  no: `(${guard} && !(${holds}))`,
  later: 'false',
});

function conditionsOf(rule: RuleData): Trio[] {
  const { tools, effects, risk, targets, roles } = rule;
  const scoped = [
    tools &&
      known(
        or(
          ['tool', 'alias'].map(
            (name) => `(context has ${name} && ${likeAny(`context.${name}`, tools)})`,
          ),
        ),
      ),
    effects && known(`${set(effects)}.contains(context.effect)`),
    risk?.min && known(`!${set(ladder.slice(0, ladder.indexOf(risk.min)))}.contains(context.risk)`),
    risk?.max && risk.max !== 'critical'
      ? known(`${set(ladder.slice(0, ladder.indexOf(risk.max) + 1))}.contains(context.risk)`)
      : undefined,
    targets?.names && where('context has target', likeAny('context.target', targets.names)),
    targets?.environments &&
      where('context has environment', likeAny('context.environment', targets.environments)),
    roles && where('context has roles', `context.roles.containsAny(${set(roles)})`),
  ].filter((one) => typeof one === 'object');
  const exceptions = partOf(rule.id, 'unless', rule.unless);
  return [
    ...scoped,
    ...partOf(rule.id, 'when', rule.when),
    ...(exceptions.length > 0 ? [opposite(together(exceptions))] : []),
  ];
}

const ladder = ['low', 'medium', 'high', 'critical'];

const together = (all: readonly Trio[]): Trio => {
  const no = or(all.map((one) => one.no));
  return {
    yes: and(all.map(({ yes }) => yes)),
    no,
    later: `(!${no} && ${or(all.map(({ later }) => later))})`,
  };
};

const opposite = ({ yes, no, later }: Trio): Trio => ({ yes: no, no: yes, later });

function partOf(id: string, part: 'when' | 'unless', form: ConditionData = {}): Trio[] {
  const { args = {}, window, rate, blast_radius: size } = form;
  const rateAt = `context.rates[${quoted(id)}]`;
  return [
    ...Object.entries(args).map(([name, argument]) => argumentOf(name, argument)),
    ...(window ? [known(`context.open.contains(${quoted(`${id} ${part}`)})`)] : []),
    ...(rate ? [where(`context.rates has ${quoted(id)}`, `${rateAt} < ${rate.max}`)] : []),
    ...(size
      ? [
          {
            ...where('!context.planless && context has size', between('context.size', size, 1)),
            later: 'context.planless',
          },
        ]
      : []),
  ];
}

function argumentOf(path: string, form: ArgumentData): Trio {
  let value = 'context.input';
  const guards: string[] = [];
  for (const key of path.split('.')) {
    guards.push(`${value} has record && ${value}.record has ${quoted(key)}`);
    value = `${value}.record[${quoted(key)}]`;
  }
  const [first, second] = [testOf(`${value}.first`, form), testOf(`${value}.second`, form)];
  const itself = testOf(value, form);
  const inList = (answer: 'yes' | 'no') =>
    `(${value} has first && ${first[answer]} && (!(${value} has second) || ${second[answer]}))`;
  const either = (answer: 'yes' | 'no') =>
    `(if ${value} has list then ${inList(answer)} else ${itself[answer]})`;
  return {
    yes: and([...guards, either('yes')]),
    no: and([...guards, either('no')]),
    later: 'false',
  };
}

function testOf(value: string, { glob, equals, in: among, min, max }: ArgumentData): Trio {
  return together([
    ...(glob === undefined ? [] : [where(`${value} has text`, like(`${value}.text`, glob))]),
    ...(equals === undefined ? [] : [same(value, equals)]),
    ...(among ? [oneOf(among.map((one) => same(value, one)))] : []),
    ...(min === undefined && max === undefined
      ? []
      : [where(`${value} has number`, between(`${value}.number`, { min, max }, 4))]),
  ]);
}

/** Nothing is one of none; else one match is enough, and a value that nothing can be compared with is unknown. */
function oneOf(each: readonly Trio[]): Trio {
  const yes = or(each.map((one) => one.yes));
  const no = each.length === 0 ? 'true' : or(each.map((one) => one.no));
  return { yes, no: `(!${yes} && ${no})`, later: 'false' };
}

function same(value: string, wanted: Scalar): Trio {
  if (wanted === null) return known(`${value} has null`);
  const [field, literal] =
    typeof wanted === 'string'
      ? ['text', quoted(wanted.normalize('NFC'))]
      : typeof wanted === 'number'
        ? ['number', `${wanted * 4}`]
        : ['truth', `${wanted}`];
  const { yes, no } = where(`${value} has ${field}`, `${value}.${field} == ${literal}`);
  const nan = field === 'number' ? [`${value} has nan`] : [];
  return { yes, no: or([no, `${value} has null`, ...nan]), later: 'false' };
}

/** Cedar has whole numbers only; the generator's are quarters. */
const between = (
  value: string,
  { min, max }: { min?: number | undefined; max?: number | undefined },
  scale: number,
) =>
  and([
    ...(min === undefined ? [] : [`${value} >= ${min * scale}`]),
    ...(max === undefined ? [] : [`${value} <= ${max * scale}`]),
  ]);

const set = (texts: readonly string[]) => `[${texts.map(quoted).join(', ')}]`;
const likeAny = (value: string, patterns: readonly string[]) =>
  or(patterns.map((one) => like(value, one)));
const like = (value: string, pattern: string) =>
  `${value} like ${quoted(pattern.normalize('NFC'))}`;

const quoted = (text: string) =>
  `"${[...text].map((c) => (/[\w *.-]/.test(c) ? c : `\\u{${c.codePointAt(0)?.toString(16)}}`)).join('')}"`;
