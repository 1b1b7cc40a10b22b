import type { Outcome } from '@vmware/policy';
import { expect } from 'vitest';
import * as z from 'zod';
import { idsOfThisRun } from './hostile-ids.js';

type Input = Readonly<Record<string, unknown>>;

/** The part of JSON Schema that tells where texts are. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** An input that takes a text: `sources.[]`, `pools.[].name`. */
export interface TextInput {
  readonly path: string;
  /** The value of the whole input with this text in it. */
  readonly with: (text: string) => unknown;
  /** The input it is, or is a part of. */
  readonly name: string;
}

/** Every place of a tool's input where a caller may write any text. */
export function textInputs(schema: z.ZodType): TextInput[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  return Object.entries(properties).flatMap(([name, shape]) =>
    texts(shape, name).map((found) => ({ ...found, name })),
  );
}

function texts(shape: Shape, path: string): Omit<TextInput, 'name'>[] {
  const { type, items, properties = {}, anyOf = [] } = shape;
  if (shape.enum) return [];
  if (type === 'string') return [{ path, with: (text) => text }];
  if (items)
    return texts(items, `${path}.[]`).map((inner) => ({
      ...inner,
      with: (text) => [inner.with(text)],
    }));
  return [
    ...anyOf.flatMap((one) => texts(one, path)),
    ...Object.entries(properties).flatMap(([name, one]) =>
      texts(one, `${path}.${name}`).map((inner) => ({
        ...inner,
        with: (text: string) => ({ [name]: inner.with(text) }),
      })),
    ),
  ];
}

/** A lab on which one tool is called. */
export interface Called extends AsyncDisposable {
  /** An input that works. */
  readonly input: Input;
  /** Calls the tool, to its end when nothing stops it, or as a preview only. */
  call(input: Input, how: 'do' | 'preview'): Promise<Outcome>;
  /** Where requests have led so far, without names and values: route and names of query parameters. */
  routes(): string[];
  /** Looks at what the target made of an input that was carried out; throws when it is not that very text. */
  verify?(input: Input): void;
}

/** Texts that nobody means harm with, one for each kind of thing that an input may name. */
const harmless = [
  ...['no-such-thing', 'web-01', 'web', 'vm-99999', '10.0.0.0/8', 'TCP:1', 'user:bob@corp.local'],
  ...['/infra/domains/default/groups/none', '/infra/services/none', '/infra/segments/none'],
  ...[
    '00000000-0000-4000-8000-000000000000',
    'v1.99',
    'a:b=c',
    'https://proxy.test:3128',
    '2001:db8::1',
  ],
];

/** Labs that share the hostile texts of one input: a client paces itself, and much of a call is waiting. */
const labs = 4;
/** Hostile texts that are carried out for one input, each in a lab of its own; the others are previewed. */
const carriedOut = 8;

/**
 * Puts every hostile text into every one of these inputs of a tool and expects no request to lead anywhere that
 * harmless texts do not, no crash, and every refusal to say what to do.
 */
export async function expectOwnRoutes(
  inputs: readonly TextInput[],
  open: () => Promise<Called>,
): Promise<void> {
  const known = await harmlessRoutes(inputs, open);
  const shares = Array.from({ length: labs }, (_, lab) =>
    idsOfThisRun.filter((_text, n) => n % labs === lab),
  );
  await Promise.all(
    inputs.flatMap((input) => shares.map((share) => expectOwnRoutesOf(input, share, known, open))),
  );
}

async function expectOwnRoutesOf(
  input: TextInput,
  hostile: readonly string[],
  known: ReadonlySet<string>,
  open: () => Promise<Called>,
): Promise<void> {
  let lab = await open();
  let left = carriedOut / labs;
  const expectKnown = () =>
    expect(
      lab.routes().filter((route) => !known.has(route)),
      input.path,
    ).toEqual([]);
  try {
    for (const text of hostile) {
      const given = { ...lab.input, [input.name]: input.with(text) };
      const outcome = await lab.call(given, left > 0 ? 'do' : 'preview');
      expectReadable(outcome, `${input.path}=${JSON.stringify(text.slice(0, 100))}`);
      if (outcome.status !== 'done' || left === 0) continue;
      left -= 1;
      expectKnown();
      lab.verify?.(given);
      await lab[Symbol.asyncDispose]();
      lab = await open();
    }
    expectKnown();
  } finally {
    await lab[Symbol.asyncDispose]();
  }
}

/** Where the tool leads with an input that works and with harmless texts in its place. */
async function harmlessRoutes(
  inputs: readonly TextInput[],
  open: () => Promise<Called>,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  const learn = async (work: (lab: Called) => Promise<unknown>) => {
    await using lab = await open();
    await work(lab);
    for (const route of lab.routes()) known.add(route);
  };
  await learn(async (lab) =>
    expect(await lab.call(lab.input, 'do')).toMatchObject({ status: 'done' }),
  );
  const tryOut = ({ name, with: put }: TextInput) =>
    learn(async (lab) => {
      for (const text of harmless) await lab.call({ ...lab.input, [name]: put(text) }, 'preview');
      await lab.call({ ...lab.input, [name]: put(harmless[0] ?? '') }, 'do');
    });
  await Promise.all(inputs.map(tryOut));
  return known;
}

function expectReadable(outcome: Outcome, what: string): void {
  if (!('code' in outcome)) return;
  const said = `${what}: ${JSON.stringify(outcome).slice(0, 600)}`;
  expect(outcome.remedy, said).toMatch(/\w/);
  expect(outcome.code, said).not.toBe('INTERNAL');
  expect(outcome.code, said).not.toBe('RULES_UNAVAILABLE');
}

/** rules.yaml under which every change goes ahead that nothing else stops. */
export const goAhead = `
version: 1
default: { read: permit, write: permit, consent: { low: none, medium: none, high: none, critical: none } }
`;
