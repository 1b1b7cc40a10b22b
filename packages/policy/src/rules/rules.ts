import { join } from 'node:path';
import type { Roles, Rules } from '../authorities.js';
import type { Call, Verdict } from '../call.js';
import { rolesOf, type Trust } from '../roles/levels.js';
import { permission } from '../roles/permission.js';
import { judge } from './judge.js';
import { cachePath, digestOf, loadRules, packagedRules } from './load.js';
import { RulesUnavailable } from './problem.js';
import { coverage, questionOf, type Rate } from './question.js';
import { readRulesFile, type Stamp, stampOf } from './read-file.js';
import type { RuleSet } from './rule-set.js';

/** Remembers across processes that a rules file existed, so that one that vanished is noticed. */
export interface Seen {
  /** Digest of the file last seen; undefined when there never was one. */
  get(): Promise<string | undefined> | string | undefined;
  set(digest: string): Promise<void> | void;
}

export interface RulesOptions {
  /** Directory of rules.yaml: `~/.vmware`. */
  readonly home: string;
  readonly rate: Rate;
  readonly seen: Seen;
  /** Least consent by risk, whatever the file says: HTTP asks for a seal where a terminal need not. */
  readonly floor?: RuleSet['consent'];
  readonly now?: () => Date;
}

export interface OpenRules extends Rules {
  /** The rules in force, re-read when the file changed. Throws RulesUnavailable. */
  current(): Promise<RuleSet>;
  /** Permission levels out of the same file. */
  roles(trust?: Trust): Roles;
}

/** What the last look at the file found. */
interface Held {
  readonly stamp: Stamp;
  readonly digest: string;
  readonly found: RuleSet | RulesUnavailable;
  /** The stamp alone proves that nothing changed since. */
  readonly settled: boolean;
}

/** A file that changed less than this before it was read may change again within one tick of its times. */
const settling = 2_000;

/**
 * Opens the rules of a home directory. Every call looks at the file again; a decision uses one set from
 * start to end. A file that is invalid, unreadable or gone denies everything but diagnostic reads.
 */
export function openRules({
  home,
  rate,
  seen,
  floor,
  now = () => new Date(),
}: RulesOptions): OpenRules {
  const path = join(home, 'rules.yaml');
  let held: Held | undefined;
  let everSeen: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const look = async (): Promise<RuleSet> => {
    const stamp = stampOf(path);
    if (held?.settled && held.stamp === stamp) return usable(held.found);
    const read = stamp === undefined ? undefined : await readRulesFile(path);
    if (!read) {
      held = undefined;
      if ((everSeen ?? (await seen.get())) !== undefined) throw vanished(path);
      return packagedRules;
    }
    const digest = digestOf(read.bytes);
    const age = Date.now() - read.changedAt;
    const found = held?.digest === digest ? held.found : await load(read.bytes);
    if (everSeen !== digest) await seen.set(digest);
    everSeen = digest;
    held = { stamp: read.stamp, digest, found, settled: age >= settling };
    return usable(found);
  };

  const load = async (bytes: Uint8Array): Promise<RuleSet | RulesUnavailable> => {
    try {
      return await loadRules(bytes, { cacheIn: cachePath(path) });
    } catch (error) {
      if (error instanceof RulesUnavailable) return error;
      throw error;
    }
  };

  // One look at a time: whoever asks after an edit gets what the edit says.
  const current = (): Promise<RuleSet> => {
    const next = turn.then(look);
    turn = next.catch(() => undefined);
    return next;
  };

  /** Runs a decision on the rules in force, or refuses because there are none. */
  const withRules = async (
    call: Call,
    decide: (set: RuleSet) => Verdict | Promise<Verdict>,
  ): Promise<Verdict> => {
    let set: RuleSet;
    try {
      set = await current();
    } catch (error) {
      return unavailable(call, error);
    }
    return decide(set);
  };

  const ratesFor = async (set: RuleSet, call: Call, at: Date): Promise<Map<string, number>> => {
    const rates = new Map<string, number>();
    const { caller } = call;
    if (!caller) return rates;
    for (const { id, rate: wanted } of set.rules) {
      const covers = wanted && coverage(wanted, call.tool);
      if (!covers) continue;
      const since = new Date(at.getTime() - wanted.milliseconds);
      try {
        rates.set(id, await rate({ caller, covers, since }));
      } catch {
        // A count that cannot be had is missing, and the rule takes it as such.
      }
    }
    return rates;
  };

  return {
    current,
    judge: (call, when) =>
      // What finds out why is let through whatever the rules say: their own remedy names it.
      withRules(call, async (set) => {
        if (isDiagnosis(call)) return diagnosed(set);
        const at = now();
        const roles = call.caller && rolesOf(set, call.caller);
        const question = questionOf(call, roles, when, await ratesFor(set, call, at));
        const { trace, consentRule, ...decision } = judge(set, question, at, floor);
        return {
          ...decision,
          rules: set.digest,
          details: {
            consent_rule: consentRule,
            set_aside: trace.filter(({ aside }) => aside).length,
          },
        };
      }),
    roles: (trust = 'local') => ({
      allow: (call) =>
        withRules(call, (set) =>
          isDiagnosis(call) && trust === 'local'
            ? diagnosed(set)
            : permission(set, call.tool, call.caller, trust),
        ),
    }),
  };
}

function usable(found: RuleSet | RulesUnavailable): RuleSet {
  if (found instanceof RulesUnavailable) throw found;
  return found;
}

const vanished = (path: string) =>
  new RulesUnavailable(
    'rules.yaml',
    [{ message: 'was here and is gone' }],
    `Restore ${path}, or run \`vmware-audit rules show --baseline > ${path}\`.`,
  );

const isDiagnosis = ({ tool }: Call): boolean => tool.diagnostic === true && tool.effect === 'read';

const diagnosed = (set: RuleSet): Verdict => ({
  allowed: true,
  rule: 'diagnostic',
  reason: 'It reads our own records to find out what is wrong.',
  remedy: 'Run `vmware-audit rules show` to see the rules in force.',
  rules: set.digest,
  consent: 'none',
});

/** Without rules only tools that find out what is wrong may run. */
function unavailable(call: Call, error: unknown): Verdict {
  const known = error instanceof RulesUnavailable ? error : undefined;
  const allowed = isDiagnosis(call);
  return {
    allowed,
    rule: 'rules_unavailable',
    ...(known ? { where: known.where } : {}),
    reason: known ? known.message : 'rules.yaml cannot be used',
    remedy: known?.remedy ?? 'Run `vmware-audit rules lint` to see what is wrong.',
    code: 'RULES_UNAVAILABLE',
    consent: 'none',
  };
}
