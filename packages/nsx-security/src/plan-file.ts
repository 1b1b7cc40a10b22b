import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal } from '@vmware/policy';
import type { Document, LineCounter } from 'yaml';
import * as z from 'zod';
import { action, category, description, direction, ipProtocol, sequenceNumber } from './schema.js';

const id = z.string().min(1).max(255);
const name = z.string().min(1).max(255).optional();
const words = z.array(z.string().min(1).max(600)).max(128);

const rule = z.strictObject({
  id,
  display_name: name,
  description: description.optional(),
  action: action.default('ALLOW'),
  sources: words.default(['ANY']),
  sources_excluded: z.boolean().optional(),
  destinations: words.default(['ANY']),
  destinations_excluded: z.boolean().optional(),
  services: words.default(['ANY']),
  profiles: words.optional(),
  scope: words.optional(),
  direction: direction.default('IN_OUT'),
  ip_protocol: ipProtocol.optional(),
  logged: z.boolean().default(false),
  disabled: z.boolean().default(false),
  /** Its place in the list otherwise: 10, 20, 30. */
  sequence_number: sequenceNumber.optional(),
  tag: z.string().max(32).optional(),
  notes: z.string().max(2048).optional(),
});

const policy = z.strictObject({
  id,
  display_name: name,
  description: description.optional(),
  category: category.optional(),
  sequence_number: sequenceNumber.optional(),
  stateful: z.boolean().optional(),
  tcp_strict: z.boolean().optional(),
  scope: words.optional(),
  /** All of them: what the policy has besides is deleted. */
  rules: z.array(rule).optional(),
});

const group = z.strictObject({
  id,
  display_name: name,
  description: description.optional(),
  tag: z
    .strictObject({ scope: z.string().max(128).default(''), tag: z.string().min(1).max(256) })
    .optional(),
  ip_addresses: z.array(z.string()).optional(),
  segments: z.array(z.string().startsWith('/')).optional(),
  groups: words.optional(),
  /** As NSX has it, instead of the four above. */
  expression: z.array(z.looseObject({ resource_type: z.string() })).optional(),
});

const service = z.strictObject({
  id,
  display_name: name,
  description: description.optional(),
  entries: z.array(z.string()).min(1),
});

/** The YAML that `apply_dfw_plan` takes. What it does not name is left alone. */
export const dfwPlan = z.strictObject({
  version: z.literal(1),
  services: z.array(service).default([]),
  groups: z.array(group).default([]),
  policies: z.array(policy).default([]),
  /** Ids of objects that shall not be. */
  absent: z
    .strictObject({
      policies: z.array(id).default([]),
      groups: z.array(id).default([]),
      services: z.array(id).default([]),
    })
    .prefault({}),
});

export type DfwPlan = z.output<typeof dfwPlan>;
export type PlannedRule = NonNullable<DfwPlan['policies'][number]['rules']>[number];

const largest = 8 * 1024 * 1024;

/** Reads and checks a plan. Throws NOT_FOUND, or INVALID_INPUT naming file, line and column. */
export async function readPlan(file: string): Promise<DfwPlan> {
  const path = resolve(file);
  const text = textOf(path);
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document: Document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) throw wrong(position(path, lines, error.pos[0]), error.message.split('\n')[0] ?? '');
  const checked = dfwPlan.safeParse(document.toJS());
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path ?? [];
    const field = where.length > 0 ? `${where.join('.')}: ` : '';
    throw wrong(placeIn(document, lines, path, where), `${field}${issue?.message ?? 'wrong'}`);
  }
  const twice = doubled(checked.data);
  if (twice) throw wrong(path, twice);
  return checked.data;
}

function textOf(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= largest) return text;
  } catch (error) {
    throw new Refusal(
      'NOT_FOUND',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`,
      'Give the path of a plan in YAML: docs/nsx.md shows its form.',
    );
  }
  throw wrong(path, 'it is larger than 8 MB');
}

/** The nearest place that exists on the way to what is wrong. */
function placeIn(
  document: Document,
  lines: LineCounter,
  path: string,
  where: readonly PropertyKey[],
): string {
  for (let length = where.length; length > 0; length--) {
    const node = document.getIn(where.slice(0, length), true) as { range?: [number] } | undefined;
    if (node?.range) return position(path, lines, node.range[0]);
  }
  return `${path}:1:1`;
}

function position(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

function doubled({ policies, groups, services, absent }: DfwPlan): string | undefined {
  const kinds = [
    ['policy', [...policies.map(({ id }) => id), ...absent.policies]],
    ['group', [...groups.map(({ id }) => id), ...absent.groups]],
    ['service', [...services.map(({ id }) => id), ...absent.services]],
    ...policies.map(({ id, rules = [] }) => [`rule of ${id}`, rules.map((one) => one.id)] as const),
  ] as const;
  for (const [kind, ids] of kinds) {
    const again = ids.find((id, at) => ids.indexOf(id) !== at);
    if (again !== undefined) return `the ${kind} ${again} is named twice`;
  }
  return undefined;
}

const wrong = (where: string, why: string) =>
  new Refusal('INVALID_INPUT', `${where}: ${why}`, 'Correct that line of the plan.');
