import type { Outcome } from '@vmware/policy';
import { simulateNsx } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { chaosProxy, type Direction } from '../../../test/kit/chaos-proxy.js';
import { updateGroup } from '../src/tools/group/update-group.js';
import { createService } from '../src/tools/service/create-service.js';
import type { AnyTool, Input } from './changes.js';
import { changesAt, labOn } from './lab.js';

interface Case {
  readonly tool: AnyTool;
  /** The nth change, another one each time. */
  readonly input: (n: number) => Input;
  /** What the manager has once the nth change was made. */
  readonly made: (n: number, objects: Objects) => boolean;
}
type Objects = Awaited<ReturnType<typeof simulateNsx>>['world']['objects'];

const ipOf = (n: number): string => `203.0.${100 + (n >> 8)}.${n & 255}`;
const cases: readonly Case[] = [
  {
    tool: createService,
    input: (n) => ({ service_id: `s-${n}`, display_name: 'S', entries: ['TCP:1'] }),
    made: (n, objects) => objects.get(`/infra/services/s-${n}`) !== undefined,
  },
  {
    tool: updateGroup,
    input: (n) => ({ group_id: 'dns-servers', add_ip_addresses: [ipOf(n)] }),
    made: (n, objects) =>
      JSON.stringify(objects.get('/infra/domains/default/groups/dns-servers')).includes(
        `"${ipOf(n)}"`,
      ),
  },
];

/** Places to cut at in each direction, spread evenly over everything that passes during one change. */
const places = 50;

for (const { tool, input, made } of cases)
  test.concurrent.each(['request', 'answer'] as const)(
    `${tool.name}: whichever byte of the %s is the last, what is said of the change is true`,
    async (direction: Direction) => {
      await using sim = await simulateNsx();
      await using proxy = await chaosProxy(sim);
      await using nsx = labOn(proxy.endpoint);
      const attempt = async (n: number, at: number): Promise<Outcome> => {
        const preview = await nsx.call(tool, input(n) as never);
        proxy.cut(direction, at);
        return nsx.agree(tool, input(n) as never, preview);
      };
      // The first is cut nowhere, and tells how much passes.
      expect(await attempt(0, Number.POSITIVE_INFINITY)).toMatchObject({ status: 'done' });
      const whole = proxy.passed[direction];
      expect(whole).toBeGreaterThan(500);

      const said = { done: 0, unknown: 0, failed: 0 } as Record<string, number>;
      for (let n = 1; n <= places; n += 1) {
        const before = changesAt(sim).length;
        const outcome = await attempt(n, Math.round((whole * n) / places));
        const sent = changesAt(sim).length - before;
        const happened = made(n, sim.world.objects);
        said[outcome.status] = (said[outcome.status] ?? 0) + 1;
        expect(sent).toBeLessThanOrEqual(1);
        if (outcome.status === 'done') expect([sent, happened]).toEqual([1, true]);
        else if (outcome.status === 'failed') expect([sent, happened]).toEqual([0, false]);
        else
          expect(outcome).toMatchObject({
            status: 'unknown',
            details: { check: expect.any(String) },
          });
      }
      expect(said['unknown']).toBeGreaterThan(0);
      expect(said['done']).toBeGreaterThan(0);
    },
  );
