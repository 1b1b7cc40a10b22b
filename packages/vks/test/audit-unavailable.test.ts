import { mkdirSync, rmSync } from 'node:fs';
import type { Outcome } from '@vmware/policy';
import { type Harness, harness } from '@vmware/policy/testing';
import { expect, test, vi } from 'vitest';
import { logFaults, soonBack, soonRefused } from '../../../test/kit/log-faults.js';
import type { VksClients } from '../src/define.js';
import { getTkcKubeconfig } from '../src/tools/kubeconfig/get-tkc-kubeconfig.js';
import { listNamespaces } from '../src/tools/namespace/list-namespaces.js';
import { vksFor } from '../src/toolset.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { changesAt, type Lab, lab } from './lab.js';

interface Agreed {
  readonly tool: AnyTool;
  readonly input: never;
  readonly preview: Outcome;
}

/** A preview of every changing tool and of a kubeconfig, each with the seal that would do it. */
async function previews(at: Lab): Promise<Agreed[]> {
  const shown: Agreed[] = [];
  for (const tool of changing) {
    const input = await inputFor(tool, at);
    shown.push({ tool, input, preview: await at.call(tool, input) });
  }
  const input = { name: 'web', namespace: 'dev' } as never;
  shown.push({ tool: getTkcKubeconfig, input, preview: await at.call(getTkcKubeconfig, input) });
  for (const { preview } of shown)
    expect(preview).toMatchObject({ status: 'preview', consent: expect.any(String) });
  return shown;
}

const agreeToAll = (
  door: Pick<Harness<VksClients>, 'agree'>,
  shown: readonly Agreed[],
): Promise<Outcome[]> =>
  Promise.all(shown.map(({ tool, input, preview }) => door.agree(tool, input, preview)));

/** The same home and configuration in another process's place. */
const again = (at: Lab) =>
  harness(vksFor({ home: at.userHome, env: at.env }), { dir: at.home.dir });

const requestsAt = ({ sim }: Lab): number => sim.vcenter.requests.length + sim.kubeRequests.length;

for (const { what, whileOpen, strike } of logFaults)
  test(`no change is sent and no credential handed over when audit.db ${what}, and once it is mended they are`, async () => {
    await using at = await lab();
    const shown = await previews(at);
    if (!whileOpen) await at.governed.close();
    const mend = strike(at.home);
    await using later = again(at);
    const door = whileOpen ? at : later;
    const before = requestsAt(at);
    const started = performance.now();
    for (const outcome of await agreeToAll(door, shown))
      expect(outcome).toMatchObject({
        code: 'AUDIT_UNAVAILABLE',
        message: expect.stringContaining('audit log cannot be written'),
        remedy: expect.stringContaining('vmware-audit verify'),
      });
    expect(performance.now() - started).toBeLessThan(soonRefused);
    expect(changesAt(at.sim)).toEqual([]);
    // A log that is open and cannot be written is found out when the intent is: looking is over by then.
    if (!whileOpen) expect(requestsAt(at)).toBe(before);
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
  await using at = await lab();
  const shown = await previews(at);
  await at.governed.close();
  rmSync(at.home.auditDb, { force: true });
  mkdirSync(at.home.auditDb);
  const before = requestsAt(at);
  await using later = again(at);
  for (const outcome of await agreeToAll(later, shown))
    expect(outcome).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(await later.call(listNamespaces, {})).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(requestsAt(at)).toBe(before);
});

test.each([
  ['cannot be parsed', 'version: 1\nrules: [\n', /rules\.yaml:\d+:\d+/],
  [
    'has a key nobody knows',
    'version: 1\ndefault: { wriet: permit }\n',
    /rules\.yaml:2:\d+.*wriet/s,
  ],
])('nothing is sent when rules.yaml %s, and the place is named', async (_what, text, place) => {
  await using at = await lab();
  const shown = await previews(at);
  at.rules(text);
  const before = requestsAt(at);
  for (const outcome of await agreeToAll(at, shown)) {
    expect(outcome).toMatchObject({ status: 'refused', code: expect.stringMatching(/^RULES_/) });
    expect(JSON.stringify(outcome)).toMatch(place);
  }
  expect(requestsAt(at)).toBe(before);
});

test('no change is sent on a target that a rule protects, sealed or not', async () => {
  await using at = await lab();
  const shown = await previews(at);
  at.rules(
    'deny:\n  - { name: freeze, operations: ["*"], min_risk_level: low, reason: change freeze }\n',
  );
  for (const outcome of await agreeToAll(at, shown))
    expect(outcome).toMatchObject({ status: 'refused', code: 'DENIED_BY_RULE' });
  expect(changesAt(at.sim)).toEqual([]);
});
