import { mkdirSync, writeFileSync } from 'node:fs';
import { blns, generated } from '../../../../test/kit/naughty-strings.js';
import { describe } from '../../src/surfaces/docs/describe.js';
import { harness } from '../../src/testing/harness.js';
import { type Says, textsOf } from './texts.js';

/** `ATTACK_SEED` tries other strings. */
const seed = Number(process.env['ATTACK_SEED'] ?? 20_261_128);
export const naughty = [...blns, ...generated(10_000, seed)];
const inOneCall = 50;
/** All of them, as many at a time as one call says. */
export const batches = Array.from({ length: Math.ceil(naughty.length / inOneCall) }, (_, n) =>
  naughty.slice(n * inOneCall, (n + 1) * inOneCall),
);

const askAPerson = `
version: 1
default: { read: permit, write: permit, consent: { medium: human } }
`;

/** The real pipeline on a target that says what a test puts there. */
export function textsLab() {
  const target: Says = { texts: [] };
  const { toolset, tools } = textsOf(target);
  const own = harness(toolset);
  mkdirSync(own.home.dir, { recursive: true, mode: 0o700 });
  writeFileSync(own.home.rules, askAPerson, { mode: 0o600 });
  return { ...own, target, tools, toolset, surface: describe(toolset) };
}

/** Puts every batch in the target's mouth and collects what is wrong with what `act` resolves to. */
export async function wrongOfAll(target: Says, act: () => Promise<string[]>): Promise<string[]> {
  const wrong: string[] = [];
  for (const texts of batches) {
    target.texts = texts;
    wrong.push(...(await act()));
  }
  return wrong;
}
