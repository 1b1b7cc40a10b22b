import type { Outcome } from '@vmware/policy';
import { expect } from 'vitest';
import type { ChaosProxy, Direction } from './chaos-proxy.js';
import { isOfThisRun } from './part.js';

/** One change that has been previewed, with a proxy on the way that its requests go. */
export interface ReadyChange extends AsyncDisposable {
  readonly proxy: ChaosProxy;
  /** The changing requests that the plan announced. */
  readonly planned: readonly string[];
  agree(): Promise<Outcome>;
  /** Changing requests that arrived whole, in order. */
  arrived(): readonly string[];
}

interface Cut {
  readonly direction: Direction;
  readonly afterBytes: number;
}

/** Places to cut each change at; half of them in its requests, half in the answers. */
const places = 200;

/** The places of this run, spread evenly over what passes in each direction during one change. */
function cutsOf(whole: Readonly<Record<Direction, number>>): Cut[] {
  return Array.from({ length: places }, (_, n): Cut => {
    const direction = n % 2 === 0 ? 'request' : 'answer';
    return { direction, afterBytes: Math.ceil((whole[direction] * (n + 1)) / places) };
  }).filter((_, n) => isOfThisRun(Math.floor(n / 2)));
}

/** How many changes are under way at a time: much of a cut is waiting. */
const lanes = 4;

/**
 * Makes a change once for every place to cut at, each time anew, and expects what is said of it to be true: no
 * request arrives twice; `done` is said of what arrived whole, `failed` and `refused` of what did not arrive, or
 * with the number of requests that did; `unknown` comes with a command that shows what became of it. Resolves to
 * how often what was said.
 */
export async function expectTruthAtEveryCut(
  ready: () => Promise<ReadyChange>,
): Promise<Record<string, number>> {
  const whole = await bytesOf(ready);
  const cuts = cutsOf(whole);
  const said: Record<string, number> = {};
  const lane = async () => {
    for (let cut = cuts.pop(); cut; cut = cuts.pop()) {
      const status = await expectTruth(ready, cut);
      said[status] = (said[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return said;
}

/** What passes when nothing is cut. */
async function bytesOf(ready: () => Promise<ReadyChange>): Promise<Record<Direction, number>> {
  await using change = await ready();
  change.proxy.cut('request', Number.POSITIVE_INFINITY);
  expect(await change.agree()).toMatchObject({ status: 'done' });
  const { request, answer } = change.proxy.passed;
  expect(Math.min(request, answer)).toBeGreaterThan(places);
  return { request, answer };
}

async function expectTruth(
  ready: () => Promise<ReadyChange>,
  { direction, afterBytes }: Cut,
): Promise<Outcome['status']> {
  await using change = await ready();
  change.proxy.cut(direction, afterBytes);
  const outcome = await change.agree();
  const arrived = change.arrived();
  const where = `cut after ${afterBytes} bytes of the ${direction}: ${JSON.stringify(outcome)}`;
  expect(change.planned, where).toEqual(expect.arrayContaining([...arrived]));
  expect(new Set(arrived).size, `${where}\n${arrived.join('\n')}`).toBe(arrived.length);
  if (outcome.status === 'done')
    expect(arrived, where).toEqual(
      change.planned.slice(0, isLeft(outcome) ? arrived.length : undefined),
    );
  else if (outcome.status === 'unknown')
    expect(outcome, where).toMatchObject({
      details: { check: expect.stringMatching(/^vmware-[\w-]+ \w/) },
    });
  else if ('details' in outcome && outcome.details?.['done'] !== undefined) {
    expect(arrived, where).toHaveLength(Number(outcome.details['done']));
    expect(arrived.length, where).toBeLessThan(change.planned.length);
  } else expect(arrived, where).toEqual([]);
  return outcome.status;
}

/** A trace that says that it could not be cleaned up. */
const isLeft = ({ output }: Extract<Outcome, { status: 'done' }>): boolean =>
  output['cleaned_up'] === false;
