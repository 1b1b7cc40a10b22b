import type { Segment, SegmentPort, Vif, VirtualMachine } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import { type Place, targetOf } from './objects.js';
import { findVm } from './vms.js';

/** Where a traced packet starts: a port, and what is known of the card behind it. */
export interface Source {
  readonly port: SegmentPort;
  readonly mac: string | undefined;
  readonly ips: readonly string[];
  readonly vm: VirtualMachine | undefined;
}

/** GET /api/v1/fabric/vifs of a VM. */
const vifsOf = ({ nsx, signal }: Place, vm: VirtualMachine): Promise<Vif[]> =>
  nsx.list<Vif>('/api/v1/fabric/vifs', { query: { owner_vm_id: vm.external_id }, signal });

const ipsOf = ({ ip_address_info = [] }: Vif): string[] => [
  ...new Set(ip_address_info.flatMap(({ ip_addresses = [] }) => ip_addresses)),
];

/** A network card with the port it is attached to. Addresses are also those bound to the port: without VMware Tools NSX has no others. */
export interface Card {
  readonly vif: Vif;
  readonly port: SegmentPort | undefined;
  readonly ips: readonly string[];
}

export async function cardsOf(place: Place, vm: VirtualMachine): Promise<Card[]> {
  const vifs = await vifsOf(place, vm);
  const all = vifs.length > 0 ? await ports(place) : [];
  return vifs.map((vif) => {
    const port = all.find(
      ({ attachment }) => attachment?.id !== undefined && attachment.id === vif.lport_attachment_id,
    );
    const bound = (port?.address_bindings ?? []).flatMap(({ ip_address }) => ip_address ?? []);
    return { vif, port, ips: [...new Set([...ipsOf(vif), ...bound])] };
  });
}

/** The port of a VM's card that has this address, or of its only card. Throws with the addresses to choose from. */
export async function portOfVm(place: Place, word: string, ip?: string): Promise<Source> {
  const vm = await findVm(place, word);
  const cards = await cardsOf(place, vm);
  const fitting = ip === undefined ? cards : cards.filter(({ ips }) => ips.includes(ip));
  const [card] = fitting;
  if (!card || fitting.length !== 1)
    throw new Refusal(
      fitting.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
      cards.length === 0
        ? `NSX sees no network card of ${vm.display_name}.`
        : fitting.length === 0
          ? `No card of ${vm.display_name} has the address ${ip}.`
          : `${vm.display_name} has ${fitting.length} network cards.`,
      'Give src_ip: the address of the card to start from.',
      { candidates: cards.map(({ vif, ips }) => ({ ips, device: vif.device_name ?? null })) },
    );
  const { vif, port, ips } = card;
  if (!port)
    throw new Refusal(
      'NOT_FOUND',
      `The card ${vif.device_name ?? vif.external_id} of ${vm.display_name} is on no NSX segment.`,
      'Connect it to a segment, or trace from another VM.',
    );
  return { port, mac: vif.mac_address, ips, vm };
}

/** A port by policy path, or by the unique id that the Manager API calls lport_id. */
export async function portBy(place: Place, word: string): Promise<Source> {
  const port = word.startsWith('/')
    ? await place.nsx.find<SegmentPort>(targetOf(place, word), { signal: place.signal })
    : (await ports(place)).find(({ unique_id, id }) => unique_id === word || id === word);
  if (port) return { port, mac: undefined, ips: [], vm: undefined };
  throw new Refusal(
    'NOT_FOUND',
    `There is no segment port ${word}.`,
    'Give src_vm instead: the port of a VM is found by the name of the VM.',
  );
}

/** Traceflow runs on overlay segments only. */
export async function expectOverlay(place: Place, { port }: Source): Promise<void> {
  const path = port.path.replace(/\/ports\/[^/]+$/, '');
  const segment = await place.nsx.get<Segment>(targetOf(place, path), { signal: place.signal });
  if (!segment.vlan_ids?.length) return;
  throw new Refusal(
    'BLOCKED',
    `${port.display_name ?? port.id} is on the VLAN-backed segment ${segment.display_name ?? segment.id}; traceflow needs an overlay segment.`,
    'Use `vmware-nsx-security explain connectivity`, which reads the rules instead.',
  );
}

/** Search would take one request and lag behind; a trace from the wrong port would be worse than a slow one. */
async function ports(place: Place): Promise<SegmentPort[]> {
  const { nsx, scope, signal } = place;
  const segments = await nsx.list<Segment>(targetOf(place, `${scope.infra}/segments`), { signal });
  const lists = await Promise.all(
    segments.map(({ path }) => nsx.list<SegmentPort>(targetOf(place, `${path}/ports`), { signal })),
  );
  return lists.flat();
}
