import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Call } from '../call.js';
import { toolsFor } from '../tool.js';
import { openLimits } from './buckets.js';

const tool = toolsFor<unknown>()({
  name: 'list_vms',
  usage: 'vm list',
  summary: 'Lists.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  input: z.object({}),
  output: z.object({}),
}).run(async () => ({}));

const call = (user: string, target: string): Call => ({
  id: '1',
  program: 'vmware-vsphere',
  tool,
  group: 'vm',
  input: {},
  target: { name: target, environment: '' },
  connect: async () => undefined,
  surface: 'mcp',
  caller: { user, agent: 'a', session: 's', groups: [], surface: 'mcp' },
  dryRun: false,
  confirmed: false,
  canAsk: false,
  declined: false,
  signal: new AbortController().signal,
  progress: () => undefined,
});

const clock = () => {
  let at = 0;
  return { now: () => at, wait: (ms: number) => (at += ms) };
};

describe('limits', () => {
  it('lets a burst through, then the rate, and says how long to wait', () => {
    const { now, wait } = clock();
    const limits = openLimits({ perCaller: { perMinute: 60, burst: 3 }, now });
    const take = () => {
      const taken = limits.take(call('ann', 'vc'));
      taken.release?.();
      return taken;
    };
    expect([take(), take(), take()].map(({ allowed }) => allowed)).toEqual([true, true, true]);
    expect(take()).toMatchObject({
      allowed: false,
      code: 'THROTTLED',
      rule: 'throttle.caller',
      details: { retry_after_seconds: 1 },
      remedy: 'Wait 1 s and run the same call again.',
    });
    wait(999);
    expect(take().allowed).toBe(false);
    wait(1);
    expect(take().allowed).toBe(true);
    wait(3_600_000);
    expect([take(), take(), take(), take()].filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it('limits each caller alone, and a target for everybody', () => {
    const { now } = clock();
    const limits = openLimits({
      perCaller: { perMinute: 1, burst: 1 },
      perTarget: { perMinute: 1, burst: 2 },
      now,
    });
    expect(limits.take(call('ann', 'vc')).allowed).toBe(true);
    expect(limits.take(call('ann', 'vc')).rule).toBe('throttle.caller');
    expect(limits.take(call('bob', 'vc')).allowed).toBe(true);
    expect(limits.take(call('cat', 'vc')).rule).toBe('throttle.target');
    // A refusal costs nothing: cat still has her call elsewhere.
    expect(limits.take(call('cat', 'nsx')).allowed).toBe(true);
  });

  it('bounds what is under way at a target and counts a release once', () => {
    const { now } = clock();
    const limits = openLimits({ inFlight: 2, now });
    const first = limits.take(call('ann', 'vc'));
    const second = limits.take(call('bob', 'vc'));
    expect(limits.take(call('cat', 'vc'))).toMatchObject({
      allowed: false,
      rule: 'throttle.in_flight',
    });
    expect(limits.take(call('cat', 'nsx')).allowed).toBe(true);
    first.release?.();
    first.release?.();
    expect(limits.take(call('cat', 'vc')).allowed).toBe(true);
    expect(limits.take(call('cat', 'vc')).allowed).toBe(false);
    second.release?.();
    expect(limits.take(call('cat', 'vc')).allowed).toBe(true);
  });

  it('has defaults of 40 calls at once and 16 in flight', () => {
    const limits = openLimits({ now: () => 0 });
    const taken = Array.from({ length: 17 }, () => limits.take(call('ann', 'vc')));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(16);
    for (const one of taken) one.release?.();
    const more = Array.from({ length: 30 }, () => {
      const one = limits.take(call('ann', 'vc'));
      one.release?.();
      return one;
    });
    expect(more.filter(({ allowed }) => allowed)).toHaveLength(24);
  });

  it('stays right for thousands of callers', () => {
    const { now, wait } = clock();
    const limits = openLimits({
      perCaller: { perMinute: 60, burst: 2 },
      perTarget: { perMinute: 6e6, burst: 1e6 },
      now,
    });
    for (let i = 0; i < 5_000; i++) limits.take(call(`user-${i}`, `vc-${i}`));
    expect(limits.take(call('user-1', 'vc-1')).allowed).toBe(true);
    expect(limits.take(call('user-1', 'vc-1')).allowed).toBe(false);
    wait(2_000);
    expect(limits.take(call('user-1', 'vc-1')).allowed).toBe(true);
  });
});
