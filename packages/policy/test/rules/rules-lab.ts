import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Call, Caller } from '../../src/call.js';
import { loadRules } from '../../src/rules/load.js';
import { RulesUnavailable } from '../../src/rules/problem.js';
import { openRules, type RulesOptions } from '../../src/rules/rules.js';
import { type Card, toolsFor } from '../../src/tool.js';

/** Remembers digests, and each that it was told. */
export const memory = (digest?: string) => {
  const told: string[] = [];
  return { told, get: () => told.at(-1) ?? digest, set: (next: string) => void told.push(next) };
};

/** Rules in a home of their own, with a file that says this, or without one. */
export function rulesHome(text?: string, options: Partial<RulesOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  const path = join(dir, 'rules.yaml');
  const write = (next: string) => writeFileSync(path, next, { mode: 0o600 });
  if (text !== undefined) write(text);
  const seen = memory();
  const rules = openRules({ home: dir, rate: () => 0, seen, ...options });
  return { dir, path, write, seen, rules };
}

export const ann: Caller = {
  user: 'ann',
  agent: 'cli',
  session: 's',
  groups: [],
  surface: 'cli',
};

const card = {
  name: 'wipe',
  usage: 'wipe',
  summary: 'Wipes.',
  effect: 'read',
  risk: 'medium',
  level: 'vm_lifecycle',
  input: z.object({}),
  output: z.object({}),
} satisfies Card;

/** Ann's call of a tool that changes something, unless the card says otherwise. */
export const callOf = (over: Partial<Card> = {}, rest: Partial<Call> = {}): Call => ({
  id: '1',
  program: 'p',
  tool: toolsFor<unknown>()({ ...card, effect: 'write', ...over } as typeof card).run(
    async () => ({}),
  ),
  group: 'g',
  input: {},
  target: { name: 'vc', environment: 'lab' },
  connect: async () => undefined,
  surface: 'cli',
  caller: ann,
  dryRun: false,
  confirmed: false,
  canAsk: false,
  declined: false,
  signal: new AbortController().signal,
  progress: () => undefined,
  ...rest,
});

/** Every fault of a rules file as its place and its text; none where it loads. */
export async function faults(text: string): Promise<string[]> {
  try {
    await loadRules(Buffer.from(text));
    return [];
  } catch (error) {
    if (!(error instanceof RulesUnavailable)) throw error;
    return error.faults.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
  }
}
