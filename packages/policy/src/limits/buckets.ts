import { performance } from 'node:perf_hooks';
import type { Limits } from '../authorities.js';

/** A token bucket: `burst` calls at once, then `perMinute`. */
export interface Bucket {
  readonly perMinute: number;
  readonly burst: number;
}

export interface LimitOptions {
  readonly perCaller?: Bucket;
  readonly perTarget?: Bucket;
  /** Calls under way at one target at the same time. */
  readonly inFlight?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

interface Level {
  tokens: number;
  at: number;
}

const worthSweeping = 1_000;

/** Limits of this process: a rate per caller, a rate per target, and a number in flight per target. */
export function openLimits({
  perCaller = { perMinute: 120, burst: 40 },
  perTarget = { perMinute: 240, burst: 80 },
  inFlight = 16,
  now = () => performance.now(),
}: LimitOptions = {}): Limits {
  const callers = buckets(perCaller);
  const targets = buckets(perTarget);
  const flying = new Map<string, number>();

  return {
    take({ caller, target }) {
      const at = now();
      const who = caller?.user ?? '';
      const waits = [
        { rule: 'throttle.caller', of: `${who || 'this caller'}`, wait: callers.wait(who, at) },
        { rule: 'throttle.target', of: target.name, wait: targets.wait(target.name, at) },
      ];
      const slowest = waits.reduce((worst, one) => (one.wait > worst.wait ? one : worst));
      if (slowest.wait > 0)
        return throttled(
          slowest.rule,
          `Too many calls for ${slowest.of}`,
          Math.ceil(slowest.wait / 1_000),
        );
      const busy = flying.get(target.name) ?? 0;
      if (busy >= inFlight)
        return throttled('throttle.in_flight', `${busy} calls are under way at ${target.name}`, 1);

      callers.spend(who, at);
      targets.spend(target.name, at);
      flying.set(target.name, busy + 1);
      let released = false;
      return {
        allowed: true,
        rule: 'throttle',
        reason: 'Below the limits.',
        remedy: 'Run `vmware-audit log` to see the calls so far.',
        release: () => {
          if (released) return;
          released = true;
          const left = (flying.get(target.name) ?? 1) - 1;
          if (left > 0) flying.set(target.name, left);
          else flying.delete(target.name);
        },
      };
    },
  };
}

const throttled = (rule: string, what: string, seconds: number) => ({
  allowed: false,
  rule,
  code: 'THROTTLED',
  reason: `${what}; nothing was sent.`,
  remedy: `Wait ${seconds} s and run the same call again.`,
  details: { retry_after_seconds: seconds },
});

function buckets({ perMinute, burst }: Bucket) {
  const levels = new Map<string, Level>();
  const perMillisecond = perMinute / 60_000;
  const tokensOf = (key: string, at: number): number => {
    const level = levels.get(key);
    return level
      ? Math.min(burst, level.tokens + Math.max(0, at - level.at) * perMillisecond)
      : burst;
  };
  return {
    /** Milliseconds until there is a token; 0 when there is one. */
    wait: (key: string, at: number) => {
      const missing = 1 - tokensOf(key, at);
      return missing <= 1e-9 ? 0 : missing / perMillisecond;
    },
    spend: (key: string, at: number) => {
      levels.set(key, { tokens: tokensOf(key, at) - 1, at });
      if (levels.size <= worthSweeping) return;
      // A full bucket is as good as none.
      for (const one of levels.keys()) if (tokensOf(one, at) >= burst) levels.delete(one);
    },
  };
}
