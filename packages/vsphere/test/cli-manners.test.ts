import { beforeAll, expect, test, vi } from 'vitest';
import { atTerminalOf, interrupt, type Typed } from './at-terminal.js';
import { bins, built, cli, start } from './cli.js';
import { type Lab, lab } from './lab.js';

beforeAll(built, 120_000);

const run = (vc: Lab, line: string) => cli(line.split(' '), vc.env);

/** What stands on the screen of a terminal that can draw, or of one that cannot. */
const screen = (vc: Lab, line: string, typed: readonly Typed[] = [], term = 'xterm') =>
  atTerminalOf(bins.cli, line.split(' '), { ...vc.env, TERM: term }, typed);

const clear = '\u001b[H\u001b[2J\u001b[3J';
const rewrite = '\r\u001b[K';

test('--watch on a terminal shows the answer anew until Ctrl-C, each look a call of its own', async () => {
  await using vc = await lab();
  const again: Typed[] = [
    ['web-01', ''],
    ['web-01', ''],
    ['web-01', interrupt],
  ];
  const { exit, screen: seen } = await screen(vc, 'vm list --filter web-01 --interval 1', again);
  expect(exit).toBe(130);
  expect(seen.split(clear).length).toBeGreaterThan(3);
  expect(seen).toMatch(/Every 1 s: vmware-vsphere vm list {3}\d\d:\d\d:\d\d\n\nNAME /);
  const looks = vc.audit().filter(({ phase }) => phase === 'read');
  expect(looks.length).toBeGreaterThanOrEqual(3);
  expect(vc.sim.sessions).toMatchObject({ logins: 1, open: 0 });
});

/** Starts a command that goes on until it is stopped. */
const begin = (vc: Lab, line: string) =>
  start(process.execPath, [bins.cli, ...line.split(' ')], vc.env);

/** Resolves when the log has so many reads that ended so. */
const looked = (vc: Lab, status: string, times: number) =>
  vi.waitFor(
    () => expect(vc.audit().filter((row) => row.status === status).length >= times).toBe(true),
    { timeout: 20_000 },
  );

test('--watch without a terminal is a stream that a signal ends', async () => {
  await using vc = await lab();
  const watching = begin(vc, 'vm list --filter web-01 -o jsonl --watch --interval 1');
  await looked(vc, 'ok', 2);
  watching.kill('SIGINT');
  const { exit, stdout, stderr } = await watching.ended;
  expect({ exit, stderr }).toEqual({ exit: 130, stderr: '' });
  const rows = stdout.trimEnd().split('\n');
  for (const row of rows) expect(JSON.parse(row)).toMatchObject({ name: 'web-01' });
  expect(vc.sim.sessions.open).toBe(0);
});

test('--watch goes on after an error, and shows what comes later', async () => {
  await using vc = await lab();
  const watching = begin(vc, 'vm info newcomer -o jsonl --watch --interval 1');
  await looked(vc, 'failed', 1);
  const vm = vc.sim.inventory.find('vm', 'web-01');
  if (vm) vc.sim.inventory.rename(vm, 'newcomer');
  await looked(vc, 'ok', 2);
  watching.kill('SIGTERM');
  const { exit, stdout, stderr } = await watching.ended;
  expect({ exit, stderr }).toEqual({ exit: 130, stderr: expect.stringContaining('[NOT_FOUND]') });
  expect(stdout).toContain('"name":"newcomer"');
});

test('--watch ends with what stays as it is: a denial, a usage error', async () => {
  await using vc = await lab();
  vc.rules(
    'version: 1\nrules: [{id: no-lists, effect: forbid, tools: [list_vms], reason: "No."}]\n',
  );
  expect(await run(vc, 'vm list --watch')).toMatchObject({ exit: 5, stdout: '' });
  const often = await run(vc, 'vm list --watch --interval 0.5');
  expect(often).toMatchObject({ exit: 2, stderr: expect.stringContaining('from 1 up') });
});

test('a task shows how far it is while it runs, and nothing of it stays', async () => {
  await using vc = await lab({ taskMilliseconds: 900 });
  const { exit, screen: seen } = await screen(vc, 'vm power-on ci-runner-01 --yes');
  expect(exit).toBe(0);
  expect(seen).toContain(`${rewrite}[============>           ]  50 % PowerOnVM_Task`);
  expect(seen.split(rewrite).at(-1)).toMatch(/^id .*\nname .*ci-runner-01\n/);
});

test.each([
  ['quiet', 'vm power-on ci-runner-01 --yes --quiet', 'xterm'],
  ['a terminal that cannot draw', 'vm power-on ci-runner-01 --yes', 'dumb'],
])('%s draws nothing', async (_what, line, term) => {
  await using vc = await lab({ taskMilliseconds: 300 });
  const { exit, screen: seen } = await screen(vc, line, [], term);
  expect(exit).toBe(0);
  expect(seen).not.toContain('\u001b');
});

test.each([
  ['vn list', "unknown command 'vn'", 'Did you mean vm?'],
  ['vm lost', "unknown command 'lost'", 'Did you mean list?'],
  ['vm list --fliter x', "unknown option '--fliter'", 'Did you mean --filter?'],
  ['vm list --power-state poweredof', 'Allowed choices are', 'Did you mean poweredOff?'],
  ['vm list --fields name,powerstate', '"powerstate" is none of', 'Did you mean power_state?'],
])('%s is a usage error that says what may have been meant', async (line, wrong, meant) => {
  await using vc = await lab();
  const { exit, stderr } = await run(vc, line);
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(wrong) });
  expect(stderr).toContain(meant);
});

test.each([
  ['vm info web01', 'web-01'],
  ['vm list -t lba', 'Use the target lab.'],
  ['explain vm lits', 'Did you mean vm list?'],
])('%s is not found, and the near name is told', async (line, meant) => {
  await using vc = await lab();
  const { exit, stderr } = await run(vc, line);
  expect({ exit, stderr }).toEqual({ exit: 3, stderr: expect.stringContaining(meant) });
});

test('--timeout gives up sooner than the tool would, and never later', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'RetrievePropertiesEx' }, times: 99, then: 'hang' });
  const { exit, stderr } = await run(vc, 'vm list --timeout 0.3');
  expect({ exit, stderr }).toEqual({ exit: 7, stderr: expect.stringContaining('within 0.3 s') });
  expect(await run(vc, 'vm list --timeout soon')).toMatchObject({ exit: 2 });
});

test('--no-headers and -o name are for scripts', async () => {
  await using vc = await lab();
  expect((await run(vc, 'vm list --filter web-01 --no-headers')).stdout).toMatch(/^web-01 .*\n$/);
  expect((await run(vc, 'vm list --filter web-01 -o name')).stdout).toBe('web-01\n');
  expect((await run(vc, 'vm list --filter none -o table --no-headers')).stdout).toBe('');
});

test('the help of a noun has an example of its verbs', async () => {
  const { stdout } = await cli(['vm', '--help'], {});
  expect(stdout).toMatch(/\nExamples:\n( {2}vmware-vsphere vm .+\n)+/);
});
