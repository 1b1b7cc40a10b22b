import { describe, expect, test } from 'vitest';
import { loadRules } from './load.js';
import { type Intent, type PastCall, replay } from './replay.js';

const open = 'version: 1\ndefault: {write: permit}\n';
const noon = Date.parse('2026-06-10T12:00:00Z');
const minute = 60_000;

const past = (over: Partial<PastCall> = {}): PastCall => ({
  seq: 10,
  tool: {
    name: 'wipe',
    aliases: ['old-wipe'],
    effect: 'write',
    risk: 'medium',
    level: 'vm_lifecycle',
  },
  target: { name: 'vc', environment: 'lab' },
  user: 'ann',
  agent: 'cli',
  args: {},
  exact: true,
  when: 'after',
  size: 1,
  from: new Date(noon),
  to: new Date(noon),
  was: { allowed: true, rule: 'default' },
  ...over,
});

const forbid = (text: string) => `${open}rules: [{id: f, effect: forbid${text && `, ${text}`}}]\n`;

/** What it becomes, and whether that is sure. */
const becomes = async (text: string, over: Partial<PastCall> = {}, intents: Intent[] = []) => {
  const { becomes: said, unsure } = replay(await loadRules(Buffer.from(text)), past(over), intents);
  return `${said.allowed ? 'yes' : 'no'} by ${said.rule}${unsure ? ', unsure' : ''}`;
};

test('a past call keeps its row, and what it becomes has its place where a rule decides', async () => {
  const one = past();
  const [denies, permits] = [
    await loadRules(Buffer.from(forbid(''))),
    await loadRules(Buffer.from(open)),
  ];
  expect(replay(denies, one, [])).toEqual({
    past: one,
    becomes: { allowed: false, rule: 'f', where: 'rules.yaml:3:9' },
    unsure: false,
  });
  const said = replay(permits, one, []);
  expect(said).toEqual({ past: one, becomes: { allowed: true, rule: 'default' }, unsure: false });
  expect(said.becomes).not.toHaveProperty('where');
});

describe('the call is the one that was written down', () => {
  test.each<[string, string, Partial<PastCall>, string]>([
    ['its tool', 'tools: [wipe]', {}, 'no by f'],
    ['its target', 'targets: {names: [vc]}', {}, 'no by f'],
    ['another target', 'targets: {names: [nsx]}', {}, 'yes by default'],
    ['its environment', 'targets: {environments: [lab]}', {}, 'no by f'],
    ['its arguments', 'when: {args: {n: {min: 2}}}', { args: { n: 2 } }, 'no by f'],
    ['other arguments', 'when: {args: {n: {min: 2}}}', { args: { n: 1 } }, 'yes by default'],
    ['its size', 'when: {blast_radius: {min: 2}}', { size: 2 }, 'no by f'],
    ['its smaller size', 'when: {blast_radius: {min: 2}}', {}, 'yes by default'],
  ])('%s', async (_, text, over, wanted) => expect(await becomes(forbid(text), over)).toBe(wanted));

  test.each<[string, Partial<PastCall>, string]>([
    ['users: [ann]', {}, 'yes by default'],
    ['users: [bob]', {}, 'no by roles'],
    ['agents: [claude]', { agent: 'claude' }, 'yes by default'],
    ['surfaces: [cli]', {}, 'yes by default'],
    ['surfaces: [mcp]', {}, 'no by roles'],
    ['surfaces: [mcp]', { agent: 'claude' }, 'yes by default'],
    ['surfaces: [cli]', { agent: 'claude' }, 'no by roles'],
  ])('by somebody of %s: %j', async (who, over, wanted) =>
    expect(await becomes(`${open}roles: {r: {${who}, level: full_admin}}\n`, over)).toBe(wanted),
  );
});

describe('a size', () => {
  const big = forbid('when: {blast_radius: {min: 5}}');
  test.each<[string, string, Partial<PastCall>, string]>([
    ['before there was a plan is set aside', big, { when: 'before', size: 9 }, 'yes by default'],
    ['of the plan counts', big, { size: 9 }, 'no by f'],
    [
      'may count if perhaps there was a plan',
      big,
      { when: 'either', size: 9 },
      'yes by default, unsure',
    ],
    ['that counts either way is sure', forbid(''), { when: 'either', size: 9 }, 'no by f'],
    ['that is not too much is sure', big, { when: 'either', size: 4 }, 'yes by default'],
  ])('%s', async (_, text, over, wanted) => expect(await becomes(text, over)).toBe(wanted));

  test('that was not written down is not known', async () => {
    const { size, ...without } = past();
    const { becomes: said } = replay(await loadRules(Buffer.from(big)), without, []);
    expect(said).toMatchObject({ allowed: false, rule: 'f' });
  });

  test('where more than one answer may be right, the one of then stays', async () => {
    const was = { allowed: false, rule: 'f' };
    expect(await becomes(big, { when: 'either', size: 9, was })).toBe('no by f, unsure');
    expect(
      await becomes(big, { when: 'either', size: 9, was: { allowed: false, rule: 'x' } }),
    ).toBe('yes by default, unsure');
    expect(await becomes(big, { when: 'either', size: 9, was: { allowed: true, rule: 'f' } })).toBe(
      'yes by default, unsure',
    );
  });

  test('of cpu and memory is never written down', async () => {
    const limits = 'change_limits: {max_cpu_change_pct: 5}\n';
    expect(await becomes(limits, { args: { cpus: 2 } })).toBe('yes by default, unsure');
    expect(await becomes(limits, { args: { name: 'x' } })).toBe('yes by default');
    expect(await becomes(limits, { args: { cpus: 2 }, when: 'before' })).toBe('yes by default');
    expect(await becomes(forbid('unless: {blast_radius: {max: 5}}'), { args: { cpus: 2 } })).toBe(
      'yes by default',
    );
  });
});

test('a moment that lies between two is not sure where the rules changed their mind', async () => {
  const window = forbid('when: {window: {from: "12:00", to: "12:01"}}');
  const at = (from: number, to: number) => ({
    from: new Date(noon + from * minute),
    to: new Date(noon + to * minute),
  });
  expect(await becomes(window, at(0, 0))).toBe('no by f');
  expect(await becomes(window, at(1, 1))).toBe('yes by default');
  expect(await becomes(window, at(-1, 0))).toBe('yes by default, unsure');
  expect(await becomes(window, { ...at(0, 1), was: { allowed: false, rule: 'f' } })).toBe(
    'no by f, unsure',
  );
});

describe('a grant', () => {
  const was = { allowed: true, rule: 'break-glass:1' };
  test.each<[string, string, PastCall['was'], string]>([
    ['sets aside what forbids', forbid(''), was, 'yes by break-glass:1'],
    ['is not needed where nothing forbids', open, was, 'yes by default'],
    ['that was refused sets nothing aside', forbid(''), { ...was, allowed: false }, 'no by f'],
    ['is no rule of another name', forbid(''), { ...was, rule: 'x-break-glass:1' }, 'no by f'],
    [
      'gives no level',
      `${forbid('')}roles: {r: {users: [bob], level: full_admin}}\n`,
      was,
      'no by roles',
    ],
  ])('%s', async (_, text, then, wanted) =>
    expect(await becomes(text, { was: then })).toBe(wanted),
  );
});

describe('a rate of two in ten minutes', () => {
  const rated = forbid('tools: [old-wipe], unless: {rate: {max: 2, per: 10m}}');
  const intent = (seq: number, minutes: number, over: Partial<Intent> = {}): Intent => ({
    seq,
    at: noon + minutes * minute,
    user: 'ann',
    tool: 'wipe',
    ...over,
  });
  test.each<[string, Intent[], string]>([
    ['none before', [], 'yes by default'],
    ['one before', [intent(1, -1)], 'yes by default'],
    ['two before', [intent(1, -1), intent(2, -1)], 'no by f'],
    ['at the edges of the span', [intent(1, -10), intent(2, 0)], 'no by f'],
    ['too long ago', [intent(1, -1), intent(2, -10.01)], 'yes by default'],
    ['later', [intent(1, -1), intent(2, 0.01)], 'yes by default'],
    ['by somebody else', [intent(1, -1), intent(2, -1, { user: 'bob' })], 'yes by default'],
    ['of another tool', [intent(1, -1), intent(2, -1, { tool: 'x' })], 'yes by default'],
    ['by an older name', [intent(1, -1), intent(2, -1, { tool: 'old-wipe' })], 'no by f'],
    ['itself', [intent(1, -1), intent(10, -1)], 'yes by default'],
    ['the row before it', [intent(1, -1), intent(9, -1)], 'no by f'],
  ])('%s', async (_, intents, wanted) => expect(await becomes(rated, {}, intents)).toBe(wanted));

  test('of another tool does not count at all', async () =>
    expect(
      await becomes(forbid('tools: [x], unless: {rate: {max: 0, per: 10m}}'), {}, [intent(1, -1)]),
    ).toBe('yes by default'));

  test('counts the fewest and the most that the moment leaves open', async () => {
    const open = { from: new Date(noon), to: new Date(noon + 2 * minute) };
    // The first may have left the span, the last may not have come into it.
    const left = [intent(1, -9), intent(2, -1)];
    const came = [intent(1, -1), intent(2, 1)];
    for (const intents of [left, came])
      expect(await becomes(rated, open, intents)).toBe('yes by default, unsure');
    expect(await becomes(rated, open, [intent(1, -1), intent(2, -2)])).toBe('no by f');
  });
});

describe('an argument that was redacted', () => {
  const asks = (text: string) => forbid(`tools: [wipe], ${text}`);
  const secret = asks('when: {args: {token: {glob: "x*"}}}');
  test.each<[string, string, Partial<PastCall>, boolean]>([
    ['that a rule asks for', secret, { args: { token: '***' }, exact: false }, true],
    ['in part', secret, { args: { token: ['a ***'] }, exact: false }, true],
    ['where everything else is exact', secret, { args: { token: '***' } }, false],
    [
      'beside the one that a rule asks for',
      secret,
      { args: { token: 'a', x: '***' }, exact: false },
      false,
    ],
    ['nobody knows which', secret, { args: { token: 'a' }, exact: false }, true],
    [
      'as an exception',
      asks('unless: {args: {token: {glob: "x*"}}}'),
      { args: { token: '***' }, exact: false },
      true,
    ],
    [
      'within',
      asks('when: {args: {token.value: {glob: "x*"}}}'),
      { args: { token: { value: '***' } }, exact: false },
      true,
    ],
    [
      'that no rule asks for',
      forbid('when: {blast_radius: {min: 9}}'),
      { args: { token: '***' }, exact: false },
      false,
    ],
    [
      'that a rule asks for of another tool',
      secret.replace('[wipe]', '[x]'),
      { args: { token: '***' }, exact: false },
      false,
    ],
    [
      'that a rule asks for by an older name',
      secret.replace('[wipe]', '[old-wipe]'),
      { args: { token: '***' }, exact: false },
      true,
    ],
    [
      'that a rule asks for of any tool',
      secret.replace('tools: [wipe], ', ''),
      { args: { token: '***' }, exact: false },
      true,
    ],
    ['that is not there', secret, { args: { x: '***' }, exact: false }, false],
  ])('%s', async (_, text, over, isUnsure) =>
    expect((await becomes(text, over)).endsWith(', unsure')).toBe(isUnsure),
  );
});
