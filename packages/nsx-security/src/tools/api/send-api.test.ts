import { expect, test } from 'vitest';
import { changesAt, lab } from '../../../test/lab.js';
import { sendApi } from './send-api.js';

const input = {
  method: 'PATCH',
  path: '/policy/api/v1/infra/domains/default/groups/raw',
  body: { display_name: 'Raw' },
} as const;

const byPerson = { surface: 'cli', canAsk: true } as const;

test('a person is shown the request, and it is sent once, exactly as shown', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(sendApi, input, byPerson);
  expect(preview).toMatchObject({
    status: 'preview',
    plan: { blast_radius: { reversible: false }, requests: [expect.stringContaining(input.path)] },
  });
  expect(changesAt(nsx.sim)).toEqual([]);
  expect(await nsx.agree(sendApi, input, preview, byPerson)).toMatchObject({
    status: 'done',
    output: { value: null },
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});

test('without a person nothing is sent, seal or no seal', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(sendApi, input);
  for (const consent of [undefined, preview.status === 'preview' ? preview.consent : undefined])
    expect(
      await nsx.call(sendApi, input, {
        dryRun: false,
        confirmed: true,
        ...(consent ? { consent: { seal: consent, by: 'caller' } } : {}),
      }),
    ).toMatchObject({ status: 'refused', code: 'AWAITING_APPROVAL' });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an answer that is lost leaves it unknown, with the command that shows it, and nothing is sent again', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(sendApi, input, byPerson);
  nsx.sim.faults.add({
    match: { method: 'PATCH /policy/api/v1/infra/domains/{}/groups/{}' },
    then: { drop: 'after-acting' },
  });
  expect(await nsx.agree(sendApi, input, preview, byPerson)).toMatchObject({ status: 'unknown' });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});

test('a path outside the API is refused before anything is planned', async () => {
  await using nsx = await lab();
  expect(
    await nsx.call(sendApi, { method: 'DELETE', path: '/api/session' }, byPerson),
  ).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
});
