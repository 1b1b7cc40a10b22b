import type { Outcome } from '@vmware/policy';
import { expect, test } from 'vitest';
import type { ChaosProxy, Direction } from '../../../test/kit/chaos-proxy.js';
import { updateNamespace } from '../src/tools/namespace/update-namespace.js';
import { scaleTkcCluster } from '../src/tools/tkc/scale-tkc-cluster.js';
import type { AnyTool, Input } from './changes.js';
import { changesAt, type Lab, lab } from './lab.js';
import { beforeSupervisor, beforeVcenter } from './proxies.js';

interface Case {
  readonly tool: AnyTool;
  /** Puts the proxy between us and the server that the change goes to. */
  readonly between: (at: Lab) => Promise<ChaosProxy>;
  /** The nth change, another one each time. */
  readonly input: (n: number) => Input;
  /** Whether the server has made the nth change. */
  readonly made: (n: number, at: Lab) => boolean;
}

const cases: readonly Case[] = [
  {
    tool: updateNamespace,
    between: beforeVcenter,
    input: (n) => ({ name: 'dev', memory_limit_mib: 300_000 + n }),
    made: (n, { sim }) =>
      sim.world.namespaces.get('dev')?.resourceSpec['memory_limit'] === 300_000 + n,
  },
  {
    tool: scaleTkcCluster,
    between: beforeSupervisor,
    input: (n) => ({
      name: 'web',
      namespace: 'dev',
      pool_name: 'workers',
      worker_count: 3 + (n % 2),
    }),
    made: (n, { sim }) => {
      const world = sim.supervisors[0]?.world;
      const clusters = world?.kinds.named('clusters', 'cluster.x-k8s.io');
      const web = clusters && world?.store.get(clusters, 'dev', 'web');
      return JSON.stringify(web?.['spec']).includes(`"name":"workers","replicas":${3 + (n % 2)}`);
    },
  },
];

/** Places to cut at in each direction, spread evenly over everything that passes during one change. */
const places = 20;

for (const { tool, between, input, made } of cases)
  test.each(['request', 'answer'] as const)(
    `${tool.name}: whichever byte of the %s is the last, what is said of the change is true`,
    async (direction: Direction) => {
      await using at = await lab();
      await using proxy = await between(at);
      const attempt = async (n: number, bytes: number): Promise<Outcome> => {
        const preview = await at.call(tool, input(n) as never);
        proxy.cut(direction, bytes);
        return at.agree(tool, input(n) as never, preview);
      };
      // The first is cut nowhere, and tells how much passes.
      expect(await attempt(0, Number.POSITIVE_INFINITY)).toMatchObject({ status: 'done' });
      const whole = proxy.passed[direction];
      expect(whole).toBeGreaterThan(500);

      const said: Record<string, number> = {};
      for (let n = 1; n <= places; n += 1) {
        const before = changesAt(at.sim).length;
        const wasMade = made(n, at);
        const outcome = await attempt(n, Math.round((whole * n) / places));
        const sent = changesAt(at.sim).length - before;
        said[outcome.status] = (said[outcome.status] ?? 0) + 1;
        expect(sent).toBeLessThanOrEqual(1);
        if (outcome.status === 'done') expect(made(n, at)).toBe(true);
        else if (outcome.status === 'unknown')
          expect(outcome).toMatchObject({ details: { check: expect.any(String) } });
        // What failed or was shown again did not happen.
        else expect(made(n, at)).toBe(wasMade);
      }
      expect(said['unknown']).toBeGreaterThan(0);
      expect(said['done']).toBeGreaterThan(0);
    },
    180_000,
  );
