import { glob } from './match.js';
import { namesOf, type ToolFacts } from './question.js';
import { type Rule, type RuleSet, rankOf, whereIs } from './rule-set.js';
import { isEmpty } from './windows.js';

export interface Finding {
  /** An `error` means that the file does not do what it looks like. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly check: string;
  readonly rule: string;
  readonly where: string;
  readonly line: number;
  readonly message: string;
}

type Found = Pick<Finding, 'severity' | 'check' | 'message'>;
type Check = (rule: Rule, tools: readonly ToolFacts[], set: RuleSet) => Found[];

/**
 * What looks wrong in a file that loads. `tools` are all tools of all installed skills: a name that is not
 * among them is reported. Findings come in file order.
 */
export function lint(set: RuleSet, tools: readonly ToolFacts[]): Finding[] {
  const findings = set.rules.flatMap((rule) =>
    checks.flatMap((check) =>
      check(rule, tools, set).map((found) => ({
        ...found,
        rule: rule.id,
        where: whereIs(set, rule.place),
        line: rule.place.line,
      })),
    ),
  );
  const claims = (set.roles ?? [])
    .filter(({ users, groups }) => users === undefined && groups === undefined)
    .map(({ name, place }) => ({
      severity: 'warning' as const,
      check: 'role-names-nobody',
      rule: name,
      where: whereIs(set, place),
      line: place.line,
      message: `Role ${name} names no users or groups, so everybody on that surface or with that agent has it; an agent's name is a claim.`,
    }));
  return [...findings, ...claims].sort((a, b) => a.line - b.line);
}

const found = (severity: Found['severity'], check: string, message: string): Found => ({
  severity,
  check,
  message,
});

const reached = (rule: Rule, tools: readonly ToolFacts[]): ToolFacts[] =>
  tools.filter(
    (tool) =>
      (rule.tools?.some((pattern) => namesOf(tool).some(glob(pattern))) ?? true) &&
      (rule.effects?.includes(tool.effect) ?? true) &&
      rankOf(tool.risk) >= rankOf(rule.risk?.min ?? 'low') &&
      rankOf(tool.risk) <= rankOf(rule.risk?.max ?? 'critical'),
  );

const unknownTools: Check = (rule, tools) =>
  (rule.tools ?? [])
    .filter((pattern) => !tools.some((tool) => namesOf(tool).some(glob(pattern))))
    .map((pattern) =>
      /[*?]/.test(pattern)
        ? found('warning', 'glob-matches-nothing', `No tool matches ${pattern}.`)
        : found('error', 'unknown-tool', `No tool is called ${pattern}.`),
    );

const emptyLists: Check = (rule) =>
  (['tools', 'effects', 'names', 'environments', 'roles'] as const)
    .filter((list) => rule[list]?.length === 0)
    .map((list) => found('error', 'empty-list', `${list} is empty, so ${rule.id} never matches.`));

const emptyWindows: Check = (rule) =>
  (['when', 'unless'] as const)
    .filter((part) => {
      const window = rule[part]?.window;
      return window !== undefined && isEmpty(window);
    })
    .map((part) => found('error', 'empty-window', `The window in ${part} is never open.`));

const duplicates: Check = (rule, _, set) =>
  set.rules.some((other) => other !== rule && other.id === rule.id && precedes(other, rule))
    ? [found('warning', 'duplicate-id', `${rule.id} is already the name of another rule.`)]
    : [];

const precedes = (a: Rule, b: Rule) =>
  a.place.line < b.place.line || (a.place.line === b.place.line && a.place.column < b.place.column);

const reachesNothing: Check = (rule, tools) => {
  const named = rule.tools?.some((p) => tools.some((tool) => namesOf(tool).some(glob(p)))) ?? true;
  return named && tools.length > 0 && reached(rule, tools).length === 0
    ? [
        found(
          'warning',
          'unreachable',
          `No tool has the name, effect and risk ${rule.id} asks for.`,
        ),
      ]
    : [];
};

/** A rule whose every tool is forbidden whatever else holds decides nothing. */
const shadowed: Check = (rule, tools, set) => {
  const walls = set.rules.filter((other) => other !== rule && isUnconditional(other));
  const reach = reached(rule, tools);
  if (rule.effect === 'forbid' || reach.length === 0) return [];
  const stopped = reach.every((tool) => walls.some((wall) => reached(wall, [tool]).length > 0));
  return stopped
    ? [
        found(
          'warning',
          'shadowed',
          `Every tool of ${rule.id} is forbidden anyway by ${walls.map(({ id }) => id).join(', ')}.`,
        ),
      ]
    : [];
};

const isUnconditional = (rule: Rule) =>
  rule.effect === 'forbid' &&
  [rule.names, rule.environments, rule.roles, rule.when, rule.unless].every(
    (part) => part === undefined,
  );

const needless: Check = (rule, _, { fallback }) => {
  const { effects = ['read', 'write', 'destroy'] } = rule;
  const already = effects.every((e) => fallback[e === 'read' ? 'read' : 'write'] === 'permit');
  return rule.effect === 'permit' && already
    ? [
        found(
          'warning',
          'needless-permit',
          `${rule.id} permits what default permits, so it limits nothing.`,
        ),
      ]
    : [];
};

const broad: Check = (rule, tools) => {
  const everything = rule.tools === undefined || rule.tools.includes('*');
  const narrowed = [rule.names, rule.environments, rule.roles, rule.when].some(
    (part) => part !== undefined,
  );
  const critical = reached(rule, tools).some(
    ({ effect, risk }) => effect !== 'read' && rankOf(risk) === 3,
  );
  return rule.effect === 'permit' && everything && critical && !narrowed
    ? [
        found(
          'error',
          'over-broad',
          `${rule.id} permits every tool to everybody, critical changes too.`,
        ),
      ]
    : [];
};

const labels: Check = (rule, _, set) => {
  if (!rule.environments) return [];
  const missing =
    set.form === 'family'
      ? 'never matches a target without an environment label'
      : rule.effect === 'permit'
        ? 'does not permit on a target without an environment label'
        : 'also matches targets without an environment label';
  return [found('note', 'environment-scoped', `${rule.id} ${missing}.`)];
};

const backwards: Check = (rule) =>
  rule.effect === 'forbid' && rule.when?.rate
    ? [
        found(
          'warning',
          'rate-backwards',
          `${rule.id} forbids the first calls, not those above the rate; write unless.`,
        ),
      ]
    : [];

/** A ticket is what the caller says it is: nobody looks it up. */
const claimedTicket: Check = ({ id, obligations }) =>
  obligations?.ticket === undefined
    ? []
    : [
        found(
          'note',
          'ticket-is-a-claim',
          `${id} asks for a ticket, which is recorded and not looked up; ask for approvals where somebody must agree.`,
        ),
      ];

const tooFewPeople: Check = ({ id, obligations }, _, { approvals }) => {
  const people = Math.max(
    obligations?.approvals ?? 0,
    obligations?.consent === 'second_person' ? 1 : 0,
  );
  const named = approvals?.from?.filter((name) => !/[*?]/.test(name)).length;
  const all = approvals?.from !== undefined && named === approvals.from.length;
  return all && people > (named ?? 0)
    ? [
        found(
          'error',
          'too-few-approvers',
          `${id} asks for ${people} approvals, and approvals.from names ${named} people.`,
        ),
      ]
    : [];
};

const checks: readonly Check[] = [
  unknownTools,
  emptyLists,
  emptyWindows,
  duplicates,
  reachesNothing,
  shadowed,
  needless,
  broad,
  labels,
  backwards,
  claimedTicket,
  tooFewPeople,
];
