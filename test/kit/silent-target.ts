import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '@vmware/policy';
import { expect, vi } from 'vitest';
import type { ChaosProxy, Weather } from './chaos-proxy.js';

/** One tool on a target that is reached through proxies. */
export interface BehindProxies extends AsyncDisposable {
  readonly proxies: readonly ChaosProxy[];
  /** Calls the tool: reads, or previews a change. `timeout` is in milliseconds. */
  call(how: { readonly timeout?: number }): Promise<Outcome>;
  agree(preview: Outcome, how: { readonly timeout?: number }): Promise<Outcome>;
  /** The arrays in which the target records requests as they arrive. */
  readonly requests: readonly (readonly unknown[])[];
  isChange(request: never): boolean;
}

/** Milliseconds after which a call is cut. */
const timeout = 1_000;
/** The same where the plan must be ready by then, on a machine that is busy with other tests. */
const timeToPlan = 2_000;

/** A read of a target that has gone silent ends at its deadline, unless there is nothing that it has to ask again. */
export async function expectReadCut(open: () => Promise<BehindProxies>): Promise<void> {
  await using at = await open();
  expect(await at.call({})).toMatchObject({ status: 'done' });
  const before = sent(at);
  expect(await at.call({})).toMatchObject({ status: 'done' });
  const asks = sent(at) > before;
  await expectCut(at, { silent: ['request', 'answer'] }, async () => {
    const outcome = await at.call({ timeout });
    expect(outcome).toMatchObject(
      asks ? { status: 'failed', code: 'TIMEOUT' } : { status: 'done' },
    );
  });
}

/** A change whose target falls silent before it was sent ends at its deadline, and was not made. */
export async function expectPlanCut(open: () => Promise<BehindProxies>): Promise<void> {
  await using at = await open();
  const preview = await at.call({});
  expect(preview).toMatchObject({ status: 'preview' });
  await expectCut(at, { silent: ['request', 'answer'] }, async () => {
    const outcome = await at.agree(preview, { timeout });
    expect(outcome).toMatchObject({ status: 'failed', code: 'TIMEOUT' });
  });
  expect(changes(at)).toBe(0);
}

/** A change whose target falls silent once it has arrived ends at its deadline, and nobody knows. */
export async function expectChangeCut(open: () => Promise<BehindProxies>): Promise<void> {
  await using at = await open();
  const preview = await at.call({});
  expect(preview).toMatchObject({ status: 'preview' });
  for (const requests of at.requests)
    onArrival(requests, (request) => {
      if (at.isChange(request as never)) setWeather(at, { silent: ['answer'] });
    });
  await expectCut(at, {}, async () => {
    const outcome = await at.agree(preview, { timeout: timeToPlan });
    expect(outcome).toMatchObject({
      status: 'unknown',
      code: 'UNKNOWN_OUTCOME',
      remedy: expect.stringMatching(/^Run `vmware-.*`vmware-audit show [0-9a-f-]{36}`/),
      retryable: false,
      details: { check: expect.stringMatching(/^vmware-[\w-]+ \w/) },
    });
  });
  expect(changes(at)).toBe(1);
}

/** When the work is over the connections it waited on are closed, and nothing is sent any more. */
async function expectCut(
  at: BehindProxies,
  weather: Weather,
  work: () => Promise<void>,
): Promise<void> {
  setWeather(at, weather);
  let before: number;
  try {
    await work();
    await vi.waitFor(
      () => expect(at.proxies.map(({ waiting }) => waiting)).toEqual(at.proxies.map(() => 0)),
      5_000,
    );
    before = sent(at);
  } finally {
    setWeather(at, {});
  }
  // As long as a retry would wait at first.
  await sleep(500);
  expect(sent(at)).toBe(before);
}

function setWeather({ proxies }: BehindProxies, weather: Weather): void {
  for (const proxy of proxies) proxy.weather = weather;
}

const sent = ({ requests }: BehindProxies): number =>
  requests.reduce((sum, { length }) => sum + length, 0);

const changes = ({ requests, isChange }: BehindProxies): number =>
  requests.flat().filter((request) => isChange(request as never)).length;

/** Calls `act` as soon as a simulation has recorded a request. */
function onArrival(requests: readonly unknown[], act: (request: unknown) => void): void {
  Object.defineProperty(requests, 'push', {
    value(...arrived: unknown[]) {
      for (const request of arrived) act(request);
      return Array.prototype.push.apply(requests, arrived);
    },
  });
}
