import type { Context, Plan } from '@vmware/policy';
import { expect, test } from 'vitest';
import { changesAt, lab } from '../test/lab.js';
import { connect } from './connect.js';
import { requestOf, sendPlanned } from './planned-request.js';

const groups = '/policy/api/v1/infra/domains/default/groups';
const put = (id: string, body: object) =>
  requestOf({ method: 'PUT', target: `${groups}/${id}`, body });

/** Sends a plan of these requests to a lab, as the body of a tool does. */
async function send(nsx: Awaited<ReturnType<typeof lab>>, requests: string[]) {
  const done: (number | undefined)[] = [];
  const { clients, close } = await connect('lab', { home: nsx.userHome, env: nsx.env });
  const context = {
    plan: { requests } as unknown as Plan,
    signal: new AbortController().signal,
    progress: (step: { done: number }) => done.push(step.done),
  } as unknown as Context<Plan>;
  const answer = await sendPlanned(clients.nsx, context, 'vmware-nsx-security group list').then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await close();
  return { done, ...answer };
}

test('a request is written as it is sent: method, target and body', () => {
  expect(put('a%20b', { display_name: 'two  spaces "and" a {brace}' })).toBe(
    `PUT ${groups}/a%20b {"display_name":"two  spaces \\"and\\" a {brace}"}`,
  );
  expect(requestOf({ method: 'DELETE', target: `${groups}/a` })).toBe(`DELETE ${groups}/a`);
});

test('what was agreed to is sent to the byte, in order, and the last answer comes back', async () => {
  await using nsx = await lab({ estate: 'empty' });
  const requests = [
    put('a%20b', { display_name: 'two  spaces "and" 漢字\n' }),
    `DELETE ${groups}/a%20b`,
    put('c', {}),
  ];
  const { done, ...answer } = await send(nsx, requests);
  expect(answer).toMatchObject({ value: { id: 'c' } });
  expect(done).toEqual([1, 2, 3]);
  expect(changesAt(nsx.sim)).toEqual(requests);
});

test('what fails in the middle says what had been done, and is not to be repeated blindly', async () => {
  await using nsx = await lab({ estate: 'empty' });
  const requests = [put('a', {}), put('b', { colour: 'red' }), put('c', {})];
  const { done, ...answer } = await send(nsx, requests);
  expect(answer).toMatchObject({
    error: {
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^1 of 3 requests were carried out, then: PUT .*colour/),
      retryable: false,
      details: { done: 1, total: 3, error_code: 255 },
    },
  });
  expect(done).toEqual([1]);
  expect(changesAt(nsx.sim)).toHaveLength(2);
});

test('an answer that is lost is unknown, and names the command that shows what happened', async () => {
  await using nsx = await lab({ estate: 'empty' });
  nsx.sim.faults.add({
    match: { method: 'PUT /policy/api/v1/infra/domains/{}/groups/{}' },
    then: { drop: 'after-acting' },
  });
  const { error } = (await send(nsx, [put('a', {})])) as { error?: unknown };
  expect(error).toMatchObject({
    effect: 'unknown',
    remedy: 'Run `vmware-nsx-security group list` to see whether it happened.',
    details: { check: 'vmware-nsx-security group list' },
  });
  expect(changesAt(nsx.sim)).toHaveLength(1);
});
