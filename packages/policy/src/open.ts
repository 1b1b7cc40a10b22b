import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openApprovals } from './approvals/approvals.js';
import { openLog, rulesLoaded } from './audit/log.js';
import { reconcile } from './audit/reconcile.js';
import { rotateWhenDue } from './audit/rotate.js';
import { Store } from './audit/store.js';
import { usageIn } from './audit/usage.js';
import type { Authorities, Limits } from './authorities.js';
import { rulesUnderGrants } from './break-glass/rules-under-grants.js';
import type { Caller, Outcome, Target } from './call.js';
import { Connections } from './connections.js';
import { openSeal } from './consent/seal.js';
import { governedCall } from './governed-call.js';
import { type Home, homeOf } from './home.js';
import { keyedDigest } from './key-file.js';
import { openLimits } from './limits/buckets.js';
import { rulesWithinBudgets } from './limits/budgets.js';
import { callFor, type How } from './request.js';
import { openRules } from './rules/rules.js';
import type { Budget } from './rules/settings.js';
import type { Tool } from './tool.js';
import { type Toolset, toolsOf } from './toolset.js';

/** A toolset joined to the authorities that govern it. Surfaces get this and nothing else. */
export interface Governed {
  /** Answers a tool by its name or an older name of it; undefined for a name that no tool has. */
  answer(name: string, input: unknown, how: How): Promise<Outcome> | undefined;
  tool(name: string): Tool | undefined;
  /** Marks changes that died with an earlier process as in doubt, and resolves to how many. */
  reconcile(): Promise<number>;
  /** Logs out of every target, signs a checkpoint when one is due, closes the log. */
  close(): Promise<void>;
}

export interface Options {
  readonly home?: Home;
  readonly env?: NodeJS.ProcessEnv;
  /** The MCP client's declared name and version; asked at each call, since it is told after the start. */
  readonly agent?: () => string;
  readonly limits?: Limits;
  /** How often the same call may be repeated where the rules do not say. */
  readonly runaway?: Budget;
  /** A long-lived program signs a checkpoint when it ends; a command line only when one is due. */
  readonly longLived?: boolean;
}

/** Milliseconds that calls under way get to end when everything else is over. */
const patience = 2_000;

export function govern<Clients>(toolset: Toolset<Clients>, options: Options = {}): Governed {
  const { env = process.env, home = homeOf(env), agent = () => 'cli', longLived = false } = options;
  const program = `vmware-${toolset.name}`;
  const store = new Store(home);
  const connections = new Connections<Clients>(toolset.connect);
  const call = governedCall(authorities(toolset.name, store, home, env, agent, options));
  const byName = new Map(
    toolsOf(toolset).flatMap((found) =>
      [found.tool.name, ...(found.tool.aliases ?? [])].map((name) => [name, found] as const),
    ),
  );
  const underWay = new Set<Promise<Outcome>>();
  let reconciled: Promise<unknown> | undefined;
  /** Before the first call on a target; reading our own records writes nothing into them. */
  const started = async (tool: Tool): Promise<void> => {
    if (tool.diagnostic) return;
    reconciled ??= reconcile(store).catch(() => {
      // A log that cannot be opened is the audit stage's to tell; the next call tries again.
      reconciled = undefined;
    });
    await reconciled;
  };
  let used = false;
  return {
    answer(name, input, how) {
      const found = byName.get(name);
      if (!found) return undefined;
      used ||= !found.tool.diagnostic;
      const connect = (target: Target) => connections.to(target);
      const answer = started(found.tool)
        .then(() => callFor(program, found, input, how, toolset.targets, connect))
        .then(call);
      underWay.add(answer);
      const done = () => underWay.delete(answer);
      answer.then(done, done);
      return answer;
    },
    tool: (name) => byName.get(name)?.tool,
    reconcile: () => reconcile(store),
    async close() {
      // Whoever closes has cancelled what is under way; its outcome is still to be written.
      await Promise.race([
        Promise.allSettled(underWay),
        sleep(patience, undefined, { ref: false }),
      ]);
      await connections.close();
      try {
        if (used) store.anchor({ always: longLived });
        if (used && longLived) await rotateWhenDue(home);
      } catch {
        // A log that cannot be signed now was or will be reported by the call that needs it.
      } finally {
        store.close();
      }
    },
  };
}

function authorities(
  skill: string,
  store: Store,
  home: Home,
  env: NodeJS.ProcessEnv,
  agent: () => string,
  { limits = openLimits(), runaway }: Pick<Options, 'limits' | 'runaway'>,
): Authorities {
  const session = randomBytes(6).toString('hex');
  const user = userInfo().username;
  const digest = keyedDigest(home);
  const usage = usageIn(store, digest);
  const rules = openRules({
    home: home.dir,
    rate: ({ caller, covers, since }) => usage.intents(caller.user, covers, since),
    seen: {
      // Looking at the rules must not create a log; without one nothing was ever seen.
      get: () => (existsSync(home.auditDb) ? store.meta('rules_seen') : undefined),
      async set(digest) {
        if (store.meta('rules_seen') === digest) return;
        await store.append(rulesLoaded(skill, user, digest));
        store.setMeta('rules_seen', digest);
      },
    },
  });
  const log = openLog(store, skill, env, digest);
  return {
    whoami: ({ surface }): Caller => ({ user, agent: agent(), session, groups: [], surface }),
    log,
    roles: rules.roles(),
    rules: rulesWithinBudgets(rulesUnderGrants(rules, home), {
      usage,
      rules: rules.current,
      env,
      runaway,
    }),
    limits,
    seal: openSeal(home),
    approvals: openApprovals({
      home,
      skill,
      rules: rules.current,
      isSpent: (nonce) => log.isSpent(nonce),
      digest,
    }),
  };
}
