import { describe, expect, it } from 'vitest';
import { hostileName } from '../inventory/hostile.js';
import { worldOf } from './estate/world-of.js';

const lab = () => {
  const { fabric } = worldOf();
  const named = (name: string) => fabric.vms().filter((vm) => vm.display_name === name);
  return { fabric, named };
};

describe('the fabric', () => {
  it('has every machine of the inventory but templates, under its plain name', () => {
    const { fabric, named } = lab();
    expect(named('db-01')).toHaveLength(2);
    expect(named('ubuntu-24.04')).toEqual([]);
    expect(named(hostileName)).toHaveLength(1);
    const machines = fabric.inventory.all('vm').filter(({ template }) => !template);
    expect(fabric.vms()).toHaveLength(machines.length + 1); // the Edge node
  });

  it('knows a machine by its instance UUID, where it runs and whether', () => {
    const { fabric, named } = lab();
    const [vm] = named('build-cache');
    const entity = fabric.inventory.find('vm', 'build-cache');
    expect(vm).toMatchObject({
      external_id: entity?.instanceUuid,
      power_state: 'VM_SUSPENDED',
      type: 'REGULAR',
    });
    expect(vm?.compute_ids).toContain(`moIdOnHost:${entity?.id.slice('vm-'.length)}`);
    expect(fabric.hostName(vm?.host_id ?? '')).toMatch(/^esx-b[12]\.lab\.test$/);
    expect(new Set(fabric.vms().map(({ host_id }) => host_id)).size).toBe(4);
  });

  it('follows the inventory', () => {
    const { fabric, named } = lab();
    const entity = fabric.inventory.find('vm', 'web-01');
    if (entity) {
      fabric.inventory.setPower(entity, 'poweredOff', new Date());
      fabric.inventory.rename(entity, 'web/01');
    }
    expect(named('web/01')).toMatchObject([{ power_state: 'VM_STOPPED' }]);
  });

  it('has an interface for each adapter, with addresses only while VMware Tools run', () => {
    const { fabric, named } = lab();
    const of = (name: string) =>
      fabric.vifs().filter(({ owner_vm_id }) => owner_vm_id === named(name)[0]?.external_id);
    expect(of('win-jump').map((vif) => vif.ip_address_info?.[0]?.ip_addresses)).toEqual([
      ['10.10.9.10'],
      ['10.10.2.10'],
    ]);
    expect(of('appliance-01')[0]).not.toHaveProperty('ip_address_info');
    const attachments = fabric.vifs().map((vif) => vif.lport_attachment_id);
    expect(new Set(attachments).size).toBe(fabric.vifs().length);
    const macs = fabric.vifs().map((vif) => vif.mac_address);
    expect(new Set(macs).size).toBe(fabric.vifs().length);
  });

  it('adds and removes tags one by one, and has no list when none is left', () => {
    const { fabric, named } = lab();
    const id = named('scratch-01')[0]?.external_id ?? '';
    expect(fabric.vm(id)).not.toHaveProperty('tags');
    fabric.addTags(id, [{ scope: 'a', tag: 'b' }, { tag: 'c' }]);
    fabric.addTags(id, [
      { scope: 'a', tag: 'b' },
      { scope: 'A', tag: 'b' },
    ]);
    expect(fabric.vm(id)?.tags).toEqual([
      { scope: 'a', tag: 'b' },
      { scope: '', tag: 'c' },
      { scope: 'A', tag: 'b' },
    ]);
    fabric.removeTags(id, [
      { scope: 'a', tag: 'b' },
      { scope: 'x', tag: 'c' },
    ]);
    expect(fabric.vm(id)?.tags).toHaveLength(2);
    fabric.setTags(id, []);
    expect(fabric.vm(id)).not.toHaveProperty('tags');
    expect(fabric.setTags('nobody', [])).toBe(false);
  });
});
