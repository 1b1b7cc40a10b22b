import { expect, test } from 'vitest';
import { vmOf } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { sendApi } from './send-api.js';

type Lab = Awaited<ReturnType<typeof lab>>;

const inputFor = (vc: Lab) => {
  const [tag] = [...vc.sim.tags.all.keys()];
  return {
    method: 'POST',
    path: `/api/cis/tagging/tag-association/${encodeURIComponent(tag ?? '')}?action=attach`,
    body: { object_id: { type: 'VirtualMachine', id: vmOf(vc.sim, 'web-01').id } },
  } as const;
};

const byPerson = { surface: 'cli', canAsk: true } as const;

test('a person is shown the request, and it is sent once, exactly as shown', async () => {
  await using vc = await lab();
  const input = inputFor(vc);
  const preview = await vc.call(sendApi, input, byPerson);
  expect(preview).toMatchObject({
    status: 'preview',
    plan: { blast_radius: { reversible: false }, requests: [expect.stringContaining(input.path)] },
  });
  expect(changesAt(vc.sim)).toEqual([]);
  expect(await vc.agree(sendApi, input, preview, byPerson)).toMatchObject({
    status: 'done',
    output: { value: null },
  });
  expect(changesAt(vc.sim)).toHaveLength(1);
});

test('without a person nothing is sent, seal or no seal', async () => {
  await using vc = await lab();
  const input = inputFor(vc);
  const preview = await vc.call(sendApi, input);
  for (const consent of [undefined, preview.status === 'preview' ? preview.consent : undefined])
    expect(
      await vc.call(sendApi, input, {
        dryRun: false,
        confirmed: true,
        ...(consent ? { consent: { seal: consent, by: 'caller' } } : {}),
      }),
    ).toMatchObject({ status: 'refused', code: 'AWAITING_APPROVAL' });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('an answer that is lost leaves it unknown, with the command that shows it, and nothing is sent again', async () => {
  await using vc = await lab();
  const input = inputFor(vc);
  const preview = await vc.call(sendApi, input, byPerson);
  vc.sim.faults.add({
    match: { method: 'POST /api/cis/tagging/tag-association/{tag}?action=attach' },
    then: { drop: 'after-acting' },
  });
  expect(await vc.agree(sendApi, input, preview, byPerson)).toMatchObject({ status: 'unknown' });
  expect(changesAt(vc.sim)).toHaveLength(1);
});

test('a path outside the API is refused before anything is planned', async () => {
  await using vc = await lab();
  expect(
    await vc.call(sendApi, { method: 'DELETE', path: '/api/session' }, byPerson),
  ).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
});
