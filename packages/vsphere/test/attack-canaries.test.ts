import { describe as surfaceOf } from '@vmware/policy/docs';
import type { FaultRule } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { type Leaky, leaksOfAll } from '../../../test/kit/leaks.js';
import { powerOff } from '../src/tools/power/power-off.js';
import { listVms } from '../src/tools/vm/list-vms.js';
import { vsphere } from '../src/toolset.js';
import { lab } from './lab.js';

type Then = NonNullable<FaultRule['then']>;

/** What XML can carry, as the simulator would have to write it. */
const page =
  (status: number) =>
  (said: string): Then => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html>${said}</html>`,
  });
/** An error of the REST API, and of SOAP no message. */
const echo =
  (status: number) =>
  (said: string): Then => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error_type: 'ERROR',
      messages: [{ default_message: said, args: [said], id: said }],
    }),
  });

/** How vCenter behaves while it is read and changed. */
const paths: Readonly<Record<string, ((said: string) => Then) | undefined>> = {
  success: undefined,
  'a fault': (said) => ({ fault: 'SystemError', message: said, fields: { reason: said } }),
  'a task that fails': (said) => ({
    taskError: 'SystemError',
    message: said,
    fields: { reason: said },
  }),
  'HTTP 401': echo(401),
  'HTTP 403': echo(403),
  'HTTP 500': echo(500),
  'a page of a proxy': page(502),
  timeout: () => 'hang',
};

async function open(password: string, then: Then | undefined): Promise<Leaky> {
  const vc = await lab({ users: [{ username: 'agent', password }] });
  return {
    surface: surfaceOf(vsphere),
    home: vc.home,
    async outcomes() {
      const preview = await vc.call(powerOff, { name: 'web-01' });
      if (then) vc.sim.faults.add({ times: Number.POSITIVE_INFINITY, then });
      const how = { timeout: 150 };
      return [
        ['list_vms', await vc.call(listVms, { filter: 'web-*' }, how)],
        ['list_vms', await vc.call(listVms, { tag: 'gold' }, how)],
        ['power_off', await vc.agree(powerOff, { name: 'web-01' }, preview, how)],
      ];
    },
    sessions: () => vc.sim.requests.flatMap(({ session }) => session ?? []),
    async [Symbol.asyncDispose]() {
      vc.sim.faults.clear();
      await vc[Symbol.asyncDispose]();
    },
  };
}

for (const [path, then] of Object.entries(paths))
  test(`no password, session or token is told or kept: ${path}`, async () => {
    const labs = path === 'timeout' ? 40 : 6;
    expect(await leaksOfAll((password, said) => open(password, then?.(said)), labs)).toEqual([]);
  }, 120_000);
