import type { Outcome } from '@vmware/policy';
import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { vks } from '../src/toolset.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { changesAt, type Lab, lab } from './lab.js';

const usages = surfaceOf(vks).tools.map(({ usage }) => usage.replace(/ <.*/, ''));

/** Nobody knows whether it happened: that is what is said and recorded, with a command of ours that shows it. */
function expectUnknown(at: Lab, { name }: AnyTool, outcome: Outcome): void {
  expect(outcome).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    remedy: expect.stringMatching(/^Run `vmware-vks .*`vmware-audit show/),
    retryable: false,
    details: { check: expect.stringMatching(/^vmware-vks \w/) },
  });
  const { check } = (outcome as unknown as { details: { check: string } }).details;
  expect(usages).toContain(check.split(' ').slice(1, 3).join(' '));
  const rows = at.audit().filter(({ tool, phase }) => tool === name && phase !== 'preview');
  expect(rows.map(({ phase, status }) => `${phase} ${status}`).slice(-2)).toEqual([
    'intent pending',
    'outcome unknown',
  ]);
}

/** Agrees to a preview while the changing request fails in this way; it is sent once and never again. */
async function agreeWhile(
  at: Lab,
  tool: AnyTool,
  then: NonNullable<FaultRule['then']>,
): Promise<Outcome> {
  const input = await inputFor(tool, at);
  const preview = await at.call(tool, input, { surface: 'cli' });
  if (preview.status !== 'preview') throw new Error(JSON.stringify(preview));
  const [request = ''] = preview.plan.requests;
  const isKube = request.includes(' /apis/');
  // A Supervisor is asked to check the change before it is asked to make it.
  const method = routeOf(request);
  if (isKube) at.sim.kubeFaults.add({ match: { method, nth: 2 }, then });
  else at.sim.vcenter.faults.add({ match: { method }, then });
  const before = changesAt(at.sim).length;
  const outcome = await at.agree(tool, input, preview, { surface: 'cli' });
  expect(changesAt(at.sim).length - before).toBe(1);
  return outcome;
}

/** `PATCH /api/vcenter/namespaces/instances/prod {…}` as the simulators call its route. */
function routeOf(request: string): string {
  const [method = '', target = ''] = request.split(' ');
  const [path = ''] = target.split('?');
  const route = path
    .replace(/(\/namespaces\/)[^/]+(\/clusters)/, '$1{}$2')
    .replace(/(\/clusters\/)[^/]+$/, '$1{}')
    .replace(/(\/access\/)[^/]+\/[^/]+$/, '$1{}/{}')
    .replace(/(\/instances\/)(?!v2$)[^/]+/, '$1{}');
  return `${method} ${route}`;
}

for (const tool of changing) {
  test.each(['before-acting', 'after-acting'] as const)(
    `${tool.name}: a connection lost %s leaves it unknown, and nothing is sent again`,
    async (drop) => {
      await using at = await lab();
      expectUnknown(at, tool, await agreeWhile(at, tool, { drop }));
    },
  );

  test(`${tool.name}: an answer that ends early leaves it unknown, or it was whole already`, async () => {
    for (const cutAfterBytes of [0, 1, 200]) {
      await using at = await lab();
      const outcome = await agreeWhile(at, tool, { cutAfterBytes });
      // vCenter answers with no body: there is nothing to cut, and the answer was whole.
      const hasBody = !tool.name.includes('namespace');
      if (hasBody || outcome.status !== 'done') expectUnknown(at, tool, outcome);
    }
  });

  test(`${tool.name}: an error of the server after it was passed on is not "failed"`, async () => {
    await using at = await lab();
    const outcome = await agreeWhile(at, tool, { status: 502 });
    expect(outcome.status).not.toBe('failed');
    expect(outcome.status).not.toBe('done');
  });
}
