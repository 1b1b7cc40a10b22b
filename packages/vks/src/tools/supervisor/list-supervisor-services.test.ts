import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listSupervisorServices } from './list-supervisor-services.js';

test('a service has a row for each Supervisor it is on, and one without where it is on none', async () => {
  await using at = await lab();
  const { items } = await read(at, listSupervisorServices, {});
  const on = (service: string) =>
    items.filter((one) => one.service === service).map(({ supervisor }) => supervisor);
  expect(on('tkg.vsphere.vmware.com')).toEqual(['supervisor-a', 'supervisor-b']);
  expect(on('velero.vsphere.vmware.com')).toEqual(['supervisor-a']);
  expect(on('contour.tanzu.vmware.com')).toEqual([null]);
  expect(items[0]).toMatchObject({ state: expect.stringMatching(/ACTIVATED/) });
});
