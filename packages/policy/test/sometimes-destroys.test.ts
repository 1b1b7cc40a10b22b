import { expect, test } from 'vitest';
import type { Outcome } from '../src/call.js';
import { program } from '../src/surfaces/cli/program.js';
import { describe } from '../src/surfaces/docs/describe.js';
import { harness } from '../src/testing/harness.js';
import { type Safe, safeAt, setCoins } from './safe.js';
import { scripted } from './terminal.js';

const go = { dryRun: false } as const;

test('a plan that destroys nothing needs what a write needs', async () => {
  const safe = { coins: 5, key: '' };
  await using at = harness(safeAt(safe));
  expect(await at.call(setCoins, { count: 6 }, go)).toMatchObject({ status: 'done' });
  expect(safe.coins).toBe(6);
});

test('a plan of the same tool that destroys is shown again until it is confirmed', async () => {
  const safe = { coins: 5, key: '' };
  await using at = harness(safeAt(safe));
  expect(await at.call(setCoins, { count: 4 }, go)).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('confirmed=true'),
  });
  expect(safe.coins).toBe(5);
  const confirmed: Outcome = await at.call(setCoins, { count: 4 }, { ...go, confirmed: true });
  expect(confirmed).toMatchObject({ status: 'done', output: { coins: 4 } });
});

test('it is listed as one that may destroy, and takes confirmed', () => {
  const [listed] = describe(safeAt({ coins: 1, key: '' })).tools;
  expect(listed?.listing.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  expect(listed?.listing.inputSchema.properties).toHaveProperty('confirmed');
});

async function run(safe: Safe, line: readonly string[], ...answers: string[]) {
  await using at = harness(safeAt(safe));
  const { terminal, said } = scripted(...answers);
  const root = program(describe(safeAt(safe)), (work) => work(at.governed), terminal);
  process.exitCode = 0;
  await root.parseAsync(['node', 'vmware-safe', ...line]);
  const code = process.exitCode;
  process.exitCode = 0;
  return { code, ...said };
}

test('a terminal asks once for more, and twice for fewer', async () => {
  const safe = { coins: 5, key: '' };
  expect(await run(safe, ['coins', 'set', '--count', '7'], 'y')).toMatchObject({
    code: 0,
    asked: ['Do it? [y/N] '],
  });
  expect(await run(safe, ['coins', 'set', '--count', '2'], 'y', 'safe')).toMatchObject({
    code: 0,
    asked: ['Do it? [y/N] ', 'Type the name to confirm (safe): '],
  });
  expect(safe.coins).toBe(2);
});

test('a script needs --confirm for fewer only', async () => {
  const safe = { coins: 5, key: '' };
  expect(await run(safe, ['coins', 'set', '--count', '6', '--yes'])).toMatchObject({ code: 0 });
  expect(await run(safe, ['coins', 'set', '--count', '3', '--yes'])).toMatchObject({ code: 2 });
  expect(safe.coins).toBe(6);
  expect(
    await run(safe, ['coins', 'set', '--count', '3', '--yes', '--confirm', 'safe']),
  ).toMatchObject({
    code: 0,
  });
});
