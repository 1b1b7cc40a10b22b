import { expect, test } from 'vitest';
import { change } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectRole,
  expectStopped,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { createDfwRule } from '../rule/create-dfw-rule.js';
import { createService } from './create-service.js';

const input = { service_id: 'pay', display_name: 'Pay', entries: ['TCP:8443'] };

test('creates a service with one PUT, ports of a protocol together', async () => {
  await using nsx = await lab();
  expect(
    await change(nsx, createService, {
      ...input,
      entries: ['tcp:8443', 'UDP:5000-5010', 'TCP:9000', 'ICMPv4:8:0', 'ICMPv6', 'IP:47'],
      description: 'Payments',
    }),
  ).toEqual({
    id: 'pay',
    display_name: 'Pay',
    entries: ['TCP:8443,9000', 'UDP:5000-5010', 'ICMPv4:8:0', 'ICMPv6', 'IP:47'],
    path: '/infra/services/pay',
  });
  const entry = (at: number) => ({ id: `entry-${at}`, display_name: `entry-${at}` });
  expect(changesAt(nsx.sim)).toEqual([
    `PUT /policy/api/v1/infra/services/pay ${JSON.stringify({
      resource_type: 'Service',
      display_name: 'Pay',
      description: 'Payments',
      service_entries: [
        {
          resource_type: 'L4PortSetServiceEntry',
          l4_protocol: 'TCP',
          destination_ports: ['8443', '9000'],
          ...entry(1),
        },
        {
          resource_type: 'L4PortSetServiceEntry',
          l4_protocol: 'UDP',
          destination_ports: ['5000-5010'],
          ...entry(2),
        },
        {
          resource_type: 'ICMPTypeServiceEntry',
          protocol: 'ICMPv4',
          icmp_type: 8,
          icmp_code: 0,
          ...entry(3),
        },
        { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv6', ...entry(4) },
        { resource_type: 'IPProtocolServiceEntry', protocol_number: 47, ...entry(5) },
      ],
    })}`,
  ]);
});

test('a rule can name it from then on', async () => {
  await using nsx = await lab();
  await change(nsx, createService, input);
  const rule = { policy_id: 'shop', rule_id: 'pay', display_name: 'Pay', services: ['Pay'] };
  const { services } = await change(nsx, createDfwRule, rule);
  expect(services).toEqual(['/infra/services/pay']);
});

test('the preview says what it is, in words', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, createService, input)).toMatchObject({
    summary: 'Create the service Pay (pay)',
    changes: ['create /infra/services/pay: TCP:8443'],
    blast_radius: { total: 1, reversible: false },
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an id that exists is refused, one of the system too', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    createService,
    { ...input, service_id: 'HTTPS' },
    '/infra/services/HTTPS exists already (HTTPS); creating it would overwrite it.',
  );
});

test('somebody made it after the preview: refused, theirs stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createService, input);
  await change(nsx, createService, { ...input, display_name: 'Theirs' });
  expect(await nsx.agree(createService, input, preview)).toMatchObject({ code: 'BLOCKED' });
  expect(objectAt(nsx, '/infra/services/pay')['display_name']).toBe('Theirs');
});

test('what is no element of a service is refused, naming it, before anything is asked', async () => {
  await using nsx = await lab();
  for (const word of [
    'TCP',
    'TCP:',
    'TCP:70000',
    'TCP:9-1',
    'SCTP:1',
    '443',
    'ICMPv4:256',
    'IP:',
  ]) {
    const wrong = { ...input, entries: ['TCP:443', word] };
    const { message } = await expectStopped(nsx, createService, wrong, 'INVALID_INPUT');
    expect(message).toContain(word === '' ? 'entries' : word);
  }
  await expectStopped(nsx, createService, { ...input, entries: [] }, 'INVALID_INPUT');
  expect(nsx.sim.requests).toEqual([]);
});

test('creates in a project', async () => {
  await using nsx = await lab();
  const { path } = await change(nsx, createService, {
    ...input,
    nsx_scope: 'project:shop-project',
  });
  expect(path).toBe('/orgs/default/projects/shop-project/infra/services/pay');
});

test('creates on a Global Manager', async () => {
  await using nsx = await lab({ globalManager: true });
  const { path } = await change(nsx, createService, { ...input, nsx_scope: 'global' });
  expect(path).toBe('/global-infra/services/pay');
});

test('ids that no path can hold', () => expectIdsChecked(createService, input, 'service_id'));
test('needs its role and no more', () => expectRole(createService, input));
