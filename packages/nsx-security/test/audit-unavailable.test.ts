import { mkdirSync, rmSync } from 'node:fs';
import type { Outcome } from '@vmware/policy';
import { type Harness, harness } from '@vmware/policy/testing';
import { expect, test, vi } from 'vitest';
import { logFaults, soonBack, soonRefused } from '../../../test/kit/log-faults.js';
import type { NsxClients } from '../src/define.js';
import { listGroups } from '../src/tools/group/list-groups.js';
import { nsxSecurityFor } from '../src/toolset.js';
import { changing, inputFor, type OnSim } from './changes.js';
import { changesAt, lab } from './lab.js';

interface Agreed {
  readonly tool: (typeof changing)[number];
  readonly input: never;
  readonly preview: Outcome;
}

/** A preview of every changing tool, each with the seal that would do it. */
async function previews(nsx: OnSim): Promise<Agreed[]> {
  const shown: Agreed[] = [];
  for (const tool of changing) {
    const input = await inputFor(tool, nsx);
    shown.push({ tool, input, preview: await nsx.call(tool, input) });
  }
  for (const { preview } of shown)
    expect(preview).toMatchObject({ status: 'preview', consent: expect.any(String) });
  return shown;
}

/** Agrees to all of them at once. */
const agreeToAll = (
  door: Pick<Harness<NsxClients>, 'agree'>,
  shown: readonly Agreed[],
): Promise<Outcome[]> =>
  Promise.all(shown.map(({ tool, input, preview }) => door.agree(tool, input, preview)));

/** The same home and configuration in another process's place. */
const again = (nsx: OnSim) =>
  harness(nsxSecurityFor({ home: nsx.userHome, env: nsx.env }), { dir: nsx.home.dir });

test('the seals of these previews do change things while the log can be written', async () => {
  await using nsx = await lab();
  const outcomes: Outcome[] = [];
  for (const { tool, input, preview } of await previews(nsx))
    outcomes.push(await nsx.agree(tool, input, preview));
  const done = outcomes.filter(({ status }) => status === 'done');
  // The exclude list has one revision for both that change it, and a restore is of everything before it.
  expect(done.length).toBeGreaterThanOrEqual(changing.length - 3);
});

for (const { what, whileOpen, strike } of logFaults)
  test(`no change is sent when audit.db ${what}, and once it is mended they are`, async () => {
    await using nsx = await lab();
    const shown = await previews(nsx);
    if (!whileOpen) await nsx.governed.close();
    const mend = strike(nsx.home);
    await using later = again(nsx);
    const door = whileOpen ? nsx : later;
    const before = nsx.sim.requests.length;
    const started = performance.now();
    for (const outcome of await agreeToAll(door, shown))
      expect(outcome).toMatchObject({
        code: 'AUDIT_UNAVAILABLE',
        message: expect.stringContaining('audit log cannot be written'),
        remedy: expect.stringContaining('vmware-audit verify'),
      });
    expect(performance.now() - started).toBeLessThan(soonRefused);
    expect(changesAt(nsx.sim)).toEqual([]);
    // A log that is open and cannot be written is found out when the intent is: looking is over by then.
    if (!whileOpen) expect(nsx.sim.requests.length).toBe(before);
    mend();
    const [first] = shown;
    await vi.waitFor(
      async () =>
        expect(await door.change(first?.tool as never, first?.input as never)).toMatchObject({
          status: 'done',
        }),
      { timeout: soonBack },
    );
  });

test('nothing at all is sent when audit.db is a folder', async () => {
  await using nsx = await lab();
  const shown = await previews(nsx);
  await nsx.governed.close();
  rmSync(nsx.home.auditDb, { force: true });
  mkdirSync(nsx.home.auditDb);
  const before = nsx.sim.requests.length;
  await using later = again(nsx);
  for (const outcome of await agreeToAll(later, shown))
    expect(outcome).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(await later.call(listGroups, {})).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(nsx.sim.requests.length).toBe(before);
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
  await using nsx = await lab();
  const shown = await previews(nsx);
  nsx.rules(text);
  const before = nsx.sim.requests.length;
  for (const outcome of await agreeToAll(nsx, shown)) {
    expect(outcome).toMatchObject({
      status: 'refused',
      code: expect.stringMatching(/^RULES_/),
      remedy: expect.stringContaining('vmware-audit'),
    });
    expect(JSON.stringify(outcome)).toMatch(place);
  }
  expect(await nsx.call(listGroups, {})).toMatchObject({ status: 'refused' });
  expect(nsx.sim.requests).toHaveLength(before);
});

test('no change is sent on a target that a rule protects, sealed or not', async () => {
  await using nsx = await lab();
  const shown = await previews(nsx);
  nsx.rules(
    'deny:\n  - { name: freeze, operations: ["*"], min_risk_level: low, reason: change freeze }\n',
  );
  for (const outcome of await agreeToAll(nsx, shown))
    expect(outcome).toMatchObject({
      status: 'refused',
      code: 'DENIED_BY_RULE',
      message: expect.stringContaining('change freeze'),
    });
  expect(changesAt(nsx.sim)).toEqual([]);
});
