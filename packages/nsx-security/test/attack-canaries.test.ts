import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { passwords, tokens } from '../../../test/kit/canaries.js';
import { type Leaky, leaksOfAll } from '../../../test/kit/leaks.js';
import { listGroups } from '../src/tools/group/list-groups.js';
import { updateGroup } from '../src/tools/group/update-group.js';
import { nsxSecurity } from '../src/toolset.js';
import { inputFor } from './changes.js';
import { lab } from './lab.js';

type Then = NonNullable<FaultRule['then']>;

/** NSX says back what it was shown. */
const echo =
  (status: number) =>
  (said: string): Then => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error_code: 1,
      error_message: `It broke: ${said}`,
      module_name: said,
      related_errors: [{ error_message: said }],
    }),
  });

/** How the manager behaves while it is read and changed. */
const paths: Readonly<Record<string, ((said: string) => Then) | undefined>> = {
  success: undefined,
  'HTTP 401': echo(401),
  'HTTP 403': echo(403),
  'HTTP 404': echo(404),
  'HTTP 500': echo(500),
  'a page of a proxy': (said) => ({ status: 502, body: `<html>${said}</html>` }),
  timeout: () => 'hang',
};

async function open(password: string, then: Then | undefined): Promise<Leaky> {
  const user = { username: 'agent', password, role: 'enterprise_admin' } as const;
  const nsx = await lab({ users: [user] });
  return {
    surface: surfaceOf(nsxSecurity),
    home: nsx.home,
    async outcomes() {
      const input = await inputFor(updateGroup, nsx);
      const preview = await nsx.call(updateGroup, input);
      if (then) nsx.sim.faults.add({ times: Number.POSITIVE_INFINITY, then });
      const how = { timeout: 150 };
      return [
        ['list_groups', await nsx.call(listGroups, {}, how)],
        ['update_group', await nsx.agree(updateGroup, input, preview, how)],
      ];
    },
    sessions: () => nsx.sim.requests.flatMap(({ session }) => session ?? []),
    async [Symbol.asyncDispose]() {
      nsx.sim.faults.clear();
      await nsx[Symbol.asyncDispose]();
    },
  };
}

test('there are 40 canaries', () => expect(passwords.length + tokens.length).toBe(40));

for (const [path, then] of Object.entries(paths))
  test(`no password, session or token is told or kept: ${path}`, async () => {
    const labs = path === 'timeout' ? 40 : 6;
    expect(await leaksOfAll((password, said) => open(password, then?.(said)), labs)).toEqual([]);
  }, 120_000);
