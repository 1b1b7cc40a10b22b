import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { vmOf } from './answer.js';
import { atTerminalOf } from './at-terminal.js';
import { bins, built, cli, programsOf, start } from './cli.js';
import { lab } from './lab.js';

const audit = join(import.meta.dirname, '../../policy/bin/vmware-audit.cjs');
const nobody = 65534;

beforeAll(async () => {
  await built();
  await programsOf('policy', 'vmware-audit').built();
}, 240_000);

const auditSays = (env: Readonly<Record<string, string>>, ...args: string[]) =>
  start(process.execPath, [audit, ...args], env).ended;

/** The operation of the last change in the log. */
async function lastChange(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await auditSays(env, 'log', '--status', 'ok', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { operation: string; phase: string }[] };
  return items.findLast(({ phase }) => phase === 'outcome')?.operation ?? '';
}

test('undo puts a change back with the tools of its skill, asks first, and does it once', async () => {
  await using vc = await lab();
  await cli(['vm', 'rename', 'web-01', 'web-one', '--yes'], vc.env);
  const vm = vmOf(vc.sim, 'web-one');
  const operation = await lastChange(vc.env);

  const shown = await auditSays(vc.env, 'undo', operation, '--dry-run');
  expect(shown).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('Rename web-one to web-01'),
  });
  expect(vm.name).toBe('web-one');
  expect(await auditSays(vc.env, 'undo', operation)).toMatchObject({ exit: 2 });

  const { exit, screen } = await atTerminalOf(audit, ['undo', operation], vc.env, [
    ['Do it? [y/N] ', 'y'],
  ]);
  expect({ exit, screen }).toMatchObject({
    exit: 0,
    screen: expect.stringContaining('web-one → web-01'),
  });
  expect(vm.name).toBe('web-01');
  expect(await auditSays(vc.env, 'undo', operation, '--yes')).toMatchObject({
    exit: 6,
    stderr: expect.stringContaining('took it back already'),
  });
});

test('undo leaves alone what has changed since', async () => {
  await using vc = await lab();
  await cli(['vm', 'rename', 'web-01', 'web-one', '--yes'], vc.env);
  const operation = await lastChange(vc.env);
  const vm = vmOf(vc.sim, 'web-one');
  vm.name = 'somebody-elses';
  expect(await auditSays(vc.env, 'undo', operation, '--yes')).toMatchObject({
    exit: 6,
    stderr: expect.stringContaining('name: "web-one" then, "somebody-elses" now'),
  });
  expect(vm.name).toBe('somebody-elses');
});

test('a backup is made, the log is lost, and restore puts it back and says what is missing', async () => {
  await using vc = await lab();
  await cli(['vm', 'list'], vc.env);
  const dir = join(vc.userHome, 'backup');
  expect(await auditSays(vc.env, 'backup', dir)).toMatchObject({ exit: 0 });
  await cli(['host', 'list'], vc.env);
  await auditSays(vc.env, 'anchor', '--yes');
  writeFileSync(vc.home.auditDb, 'not a database');
  expect(await auditSays(vc.env, 'verify')).toMatchObject({ exit: 3 });
  expect(await cli(['vm', 'list'], vc.env)).toMatchObject({ exit: 9 });

  expect(await auditSays(vc.env, 'restore', dir)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('will be declared lost'),
  });
  const { exit } = await atTerminalOf(audit, ['restore', dir], vc.env, [
    ['Do it? [y/N] ', 'y'],
    ['Type the folder', dir],
  ]);
  expect(exit).toBe(0);
  expect(await auditSays(vc.env, 'verify')).toMatchObject({
    exit: 2,
    stdout: expect.stringContaining('incomplete'),
  });
  expect(await cli(['vm', 'list'], vc.env)).toMatchObject({ exit: 0 });
});

test('tail --follow prints what is new until it is told to stop', async () => {
  await using vc = await lab();
  await cli(['vm', 'list'], vc.env);
  const running = start(process.execPath, [audit, 'tail', '--follow', '-o', 'jsonl'], vc.env);
  await expect.poll(() => running.said.stdout, { timeout: 20_000 }).toContain('list_vms');
  await cli(['host', 'list'], vc.env);
  await expect.poll(() => running.said.stdout, { timeout: 20_000 }).toContain('list_hosts');
  running.kill('SIGINT');
  expect(await running.ended).toMatchObject({ exit: 130 });
  expect(running.said.stdout.match(/"list_vms"/g)).toHaveLength(1);
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stdout.write('skipped: approval by another user needs a test run as root\n');

test.runIf(isRoot)(
  'another user of the machine approves at their own terminal, and the change goes through once',
  async () => {
    await using vc = await lab();
    const dir = mkdtempSync(join(tmpdir(), 'approving-'));
    const spool = join(dir, 'spool');
    const theirs = join(dir, 'home');
    for (const path of [spool, theirs]) mkdirSync(path);
    chmodSync(dir, 0o755);
    chmodSync(spool, 0o1777);
    chownSync(theirs, nobody, nobody);
    const rules = (more: string) =>
      `version: 1\napprovals: {directory: ${spool}}\ndefault: {write: permit${more}}\n`;
    vc.rules(rules(', consent: {medium: second_person}'));

    const ask = () => cli(['vm', 'rename', 'web-01', 'web-one', '--yes'], vc.env);
    const asked = await ask();
    expect(asked).toMatchObject({ exit: 5, stderr: expect.stringContaining('AWAITING_APPROVAL') });
    const id = /vmware-audit approve ([0-9a-f]{16})/.exec(asked.stderr)?.[1] ?? '';

    // The requester is a person at a terminal, and still not the second one.
    const own = await atTerminalOf(audit, ['approve', id], vc.env, []);
    expect(own).toMatchObject({
      exit: 6,
      screen: expect.stringContaining('You asked for this yourself'),
    });

    const asNobody = join(dir, 'as-nobody.cjs');
    writeFileSync(
      asNobody,
      `process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody}); require(${JSON.stringify(audit)});`,
    );
    mkdirSync(join(theirs, '.vmware'), { mode: 0o700 });
    writeFileSync(join(theirs, '.vmware/rules.yaml'), rules(''), { mode: 0o600 });
    for (const path of ['.vmware', '.vmware/rules.yaml'])
      chownSync(join(theirs, path), nobody, nobody);
    const { exit, screen } = await atTerminalOf(asNobody, ['approve', id], { HOME: theirs }, [
      ['Do it? [y/N] ', 'y'],
    ]);
    expect(screen).toContain('Approve: Rename web-01 to web-one');
    expect(screen).toContain('asked by root with cli, on lab (lab)');
    expect(exit).toBe(0);

    expect(await ask()).toMatchObject({ exit: 0 });
    expect(vmOf(vc.sim, 'web-one').name).toBe('web-one');
    const { stdout } = await auditSays(vc.env, 'show', await lastChange(vc.env), '-o', 'json');
    expect(stdout).toContain('"user": "nobody"');
    expect(readFileSync(join(spool, `${id}.by-${nobody}.json`), 'utf8')).toContain('approved');
    expect(bins.cli).toContain('vmware-vsphere');
  },
);
