import { expect, test } from 'vitest';
import { changesAt, lab } from '../../../test/lab.js';
import { sendApi } from './send-api.js';

const input = {
  method: 'PATCH',
  path: '/api/vcenter/namespaces/instances/dev',
  body: { description: 'Raw' },
} as const;

const byPerson = { surface: 'cli', canAsk: true } as const;

test('a person is shown the request, and it is sent once, exactly as shown', async () => {
  await using at = await lab();
  const preview = await at.call(sendApi, input, byPerson);
  expect(preview).toMatchObject({
    status: 'preview',
    plan: { blast_radius: { reversible: false }, requests: [expect.stringContaining(input.path)] },
  });
  expect(changesAt(at.sim)).toEqual([]);
  expect(await at.agree(sendApi, input, preview, byPerson)).toMatchObject({
    status: 'done',
    output: { value: null },
  });
  expect(changesAt(at.sim)).toHaveLength(1);
});

test('without a person nothing is sent, seal or no seal', async () => {
  await using at = await lab();
  const preview = await at.call(sendApi, input);
  for (const consent of [undefined, preview.status === 'preview' ? preview.consent : undefined])
    expect(
      await at.call(sendApi, input, {
        dryRun: false,
        confirmed: true,
        ...(consent ? { consent: { seal: consent, by: 'caller' } } : {}),
      }),
    ).toMatchObject({ status: 'refused', code: 'AWAITING_APPROVAL' });
  expect(changesAt(at.sim)).toEqual([]);
});

test('an answer that is lost leaves it unknown, with the command that shows it, and nothing is sent again', async () => {
  await using at = await lab();
  const preview = await at.call(sendApi, input, byPerson);
  at.sim.vcenter.faults.add({
    match: { method: 'PATCH /api/vcenter/namespaces/instances/{}' },
    then: { drop: 'after-acting' },
  });
  expect(await at.agree(sendApi, input, preview, byPerson)).toMatchObject({ status: 'unknown' });
  expect(changesAt(at.sim)).toHaveLength(1);
});

test('a path outside the API is refused before anything is planned', async () => {
  await using at = await lab();
  expect(
    await at.call(sendApi, { method: 'DELETE', path: '/api/session' }, byPerson),
  ).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
});
