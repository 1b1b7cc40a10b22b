import { mkdirSync, rmSync } from 'node:fs';
import type { Outcome } from '@vmware/policy';
import { type Harness, harness } from '@vmware/policy/testing';
import { expect, test, vi } from 'vitest';
import { logFaults, soonBack, soonRefused } from '../../../test/kit/log-faults.js';
import type { VsphereClients } from '../src/define.js';
import { listVms } from '../src/tools/vm/list-vms.js';
import { vsphereFor } from '../src/toolset.js';
import { changing, inputFor } from './changes.js';
import { changesAt, lab } from './lab.js';

type Vc = Awaited<ReturnType<typeof lab>>;

/** A preview of every changing tool, each with the seal that would do it. */
const previews = async (vc: Vc): Promise<Outcome[]> => {
  const shown: Outcome[] = [];
  for (const tool of changing) shown.push(await vc.call(tool, inputFor(tool)));
  for (const preview of shown)
    expect(preview).toMatchObject({ status: 'preview', consent: expect.any(String) });
  return shown;
};

/** Agrees to all of them at once. */
const agreeToAll = (
  door: Pick<Harness<VsphereClients>, 'agree'>,
  shown: readonly Outcome[],
): Promise<Outcome[]> =>
  Promise.all(changing.map((tool, at) => door.agree(tool, inputFor(tool), shown[at] as Outcome)));

/** The same home and configuration in another process's place. */
const again = (vc: Vc) =>
  harness(vsphereFor({ home: vc.userHome, env: vc.env }), { dir: vc.home.dir });

test('the seals of these previews do change things while the log can be written', async () => {
  await using vc = await lab();
  const outcomes = await agreeToAll(vc, (await previews(vc)).slice());
  const done = outcomes.filter(({ status }) => status === 'done');
  // Two of them take turns at one VM and its one snapshot.
  expect(done.length).toBeGreaterThanOrEqual(changing.length - 1);
});

for (const { what, whileOpen, strike } of logFaults)
  test(`no change is sent when audit.db ${what}, and once it is mended they are`, async () => {
    await using vc = await lab();
    const shown = await previews(vc);
    if (!whileOpen) await vc.governed.close();
    const mend = strike(vc.home);
    await using later = again(vc);
    const door = whileOpen ? vc : later;
    const before = vc.sim.requests.length;
    const started = performance.now();
    for (const outcome of await agreeToAll(door, shown))
      expect(outcome).toMatchObject({
        code: 'AUDIT_UNAVAILABLE',
        message: expect.stringContaining('audit log cannot be written'),
        remedy: expect.stringContaining('vmware-audit verify'),
      });
    expect(performance.now() - started).toBeLessThan(soonRefused);
    expect(changesAt(vc.sim)).toEqual([]);
    // A log that is open and cannot be written is found out when the intent is: looking is over by then.
    if (!whileOpen) expect(vc.sim.requests).toHaveLength(before);
    mend();
    const [first] = changing;
    await vi.waitFor(
      async () =>
        expect(await door.change(first as never, inputFor(first as never) as never)).toMatchObject({
          status: 'done',
        }),
      { timeout: soonBack },
    );
  });

test('nothing at all is sent when audit.db is a folder', async () => {
  await using vc = await lab();
  const shown = await previews(vc);
  await vc.governed.close();
  rmSync(vc.home.auditDb, { force: true });
  mkdirSync(vc.home.auditDb);
  const before = vc.sim.requests.length;
  await using later = again(vc);
  for (const outcome of await agreeToAll(later, shown))
    expect(outcome).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(await later.call(listVms, {})).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(vc.sim.requests).toHaveLength(before);
});

test.each([
  ['cannot be parsed', 'version: 1\nrules: [\n', /rules\.yaml:\d+:\d+/],
  [
    'has a key nobody knows',
    'version: 1\ndefault: { read: permit, wriet: permit }\n',
    /rules\.yaml:2:\d+.*wriet/s,
  ],
  ['is empty of any form', 'hello\n', /rules\.yaml:1:1/],
])('no change is sent when rules.yaml %s, and the place is named', async (_what, text, place) => {
  await using vc = await lab();
  const shown = await previews(vc);
  vc.rules(text);
  const before = vc.sim.requests.length;
  for (const outcome of await agreeToAll(vc, shown)) {
    expect(outcome).toMatchObject({
      status: 'refused',
      code: expect.stringMatching(/^RULES_/),
      remedy: expect.stringContaining('vmware-audit'),
    });
    expect(JSON.stringify(outcome)).toMatch(place);
  }
  expect(await vc.call(listVms, {})).toMatchObject({ status: 'refused' });
  expect(vc.sim.requests).toHaveLength(before);
});

test('no change is sent on a target that a rule protects, sealed or not', async () => {
  await using vc = await lab();
  const shown = await previews(vc);
  vc.rules(
    'deny:\n  - { name: freeze, operations: ["*"], min_risk_level: medium, reason: change freeze }\n',
  );
  for (const outcome of await agreeToAll(vc, shown))
    expect(outcome).toMatchObject({
      status: 'refused',
      code: 'DENIED_BY_RULE',
      message: expect.stringContaining('change freeze'),
    });
  expect(changesAt(vc.sim)).toEqual([]);
});
