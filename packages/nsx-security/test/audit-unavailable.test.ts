import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Outcome } from '@vmware/policy';
import { type Harness, harness, openDatabase } from '@vmware/policy/testing';
import { expect, test } from 'vitest';
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

test('no change is sent while somebody else holds audit.db', async () => {
  await using nsx = await lab();
  const shown = await previews(nsx);
  const { db: other } = openDatabase(nsx.home.auditDb);
  other.exec('BEGIN EXCLUSIVE');
  for (const outcome of await agreeToAll(nsx, shown))
    expect(outcome).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      message: expect.stringContaining('audit log cannot be written'),
      remedy: expect.stringContaining('vmware-audit verify'),
    });
  expect(changesAt(nsx.sim)).toEqual([]);
  other.exec('ROLLBACK');
  other.close();
  const [first] = shown;
  expect(await nsx.change(first?.tool as never, first?.input as never)).toMatchObject({
    status: 'done',
  });
});

test.each([
  ['is not a database', 'not a database, but long enough to be taken for one'.repeat(50)],
  ['is a folder', undefined],
])('nothing at all is sent when audit.db %s', async (_what, content) => {
  await using nsx = await lab();
  const shown = await previews(nsx);
  await nsx.governed.close();
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(`${nsx.home.auditDb}${suffix}`, { force: true });
  if (content === undefined) mkdirSync(nsx.home.auditDb);
  else writeFileSync(nsx.home.auditDb, content);
  const before = nsx.sim.requests.length;
  await using later = again(nsx);
  for (const outcome of await agreeToAll(later, shown))
    expect(outcome).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(await later.call(listGroups, {})).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(nsx.sim.requests).toHaveLength(before);
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
