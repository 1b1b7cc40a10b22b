import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Canary, passwords } from '../../../test/kit/canaries.js';
import { leaksOf } from '../../../test/kit/leaks.js';
import { bins, built, cli, start } from './cli.js';
import { lab } from './lab.js';

beforeAll(built, 120_000);

type OnSim = Awaited<ReturnType<typeof lab>>;

/** The ways in which a password is given to a program, taken in turns. */
const ways: readonly ((secret: string, vc: OnSim) => Record<string, string>)[] = [
  (secret) => ({ VMWARE_LAB_PASSWORD: secret }),
  (secret) => ({ VMWARE_VSPHERE_LAB_PASSWORD: `b64:${Buffer.from(secret).toString('base64')}` }),
  (secret, { userHome }) => {
    const file = join(userHome, 'password');
    writeFileSync(file, secret, { mode: 0o600 });
    return { VMWARE_LAB_PASSWORD_FILE: file };
  },
  (secret, { userHome }) => {
    const file = join(userHome, 'password');
    writeFileSync(file, secret, { mode: 0o600 });
    return { VMWARE_LAB_PASSWORD: `exec:cat ${file}` };
  },
  (secret, { userHome }) => {
    const text = `VMWARE_LAB_PASSWORD=b64:${Buffer.from(secret).toString('base64')}\n`;
    writeFileSync(join(userHome, '.vmware-vsphere/.env'), text, { mode: 0o600 });
    return {};
  },
];

/** What a program writes besides what it was given: every file of the home but the one with the password. */
const filesOf = ({ userHome }: OnSim): Buffer[] =>
  readdirSync(userHome, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && !['password', '.env'].includes(entry.name))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));

const commands: readonly (readonly [command: string, exit: number])[] = [
  ['vm list --json', 0],
  ['doctor -t lab', 0],
  ['vm info no-such-vm --json', 3],
];

/** Runs every command with the right password and with one that is refused, in words that say it back. */
async function leaksOfPrograms(canary: Canary, way: (typeof ways)[number]): Promise<string[]> {
  await using vc = await lab({
    users: [{ username: 'administrator@vsphere.local', password: canary.secret }],
  });
  const env = { HOME: vc.userHome, ...way(canary.secret, vc) };
  const said: string[] = [];
  for (const [command, wanted] of commands) {
    const { exit, stdout, stderr } = await cli(command.split(' '), env);
    expect(exit, stderr).toBe(wanted);
    said.push(stdout, stderr);
  }
  expect(vc.sim.sessions.logins).toBeGreaterThan(0);
  vc.sim.faults.add({ times: 9, then: { fault: 'InvalidLogin', message: `No ${canary.secret}` } });
  for (const [command] of commands.slice(0, 2)) {
    const { stdout, stderr } = await cli(command.split(' '), env);
    said.push(stdout, stderr);
  }
  const mcp = start(process.execPath, [bins.mcp], env);
  const { stdout, stderr } = await mcp.ended;
  return leaksOf([canary], [...said, stdout, stderr, ...filesOf(vc)]);
}

test('no program tells or keeps the password it was given, whether it works, fails or is examined', async () => {
  const left = [...passwords.entries()];
  const found: string[] = [];
  const lane = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const way = ways[next[0] % ways.length];
      if (way) found.push(...(await leaksOfPrograms(next[1], way)));
    }
  };
  await Promise.all([lane(), lane()]);
  expect(found).toEqual([]);
}, 300_000);
