import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { AddressSet, isAddressEntry } from './addresses.js';
import { isAny, texts } from './fields.js';
import type { Interface } from './interfaces.js';
import { hasAddress, isMember } from './members.js';
import type { Packet } from './packet.js';
import { type PlacedRule, rulesInOrder } from './rule-order.js';
import { frameMatches, profilesMatch, servicesMatch } from './service-match.js';

/** What the firewall does with a packet at one interface, and the rules that say so. */
export interface Verdict {
  readonly action: 'ALLOW' | 'DROP' | 'REJECT';
  /** The rule that decided; absent where no firewall runs or no rule matched. */
  readonly rule?: PolicyObject;
  /** The rule that sent it on to the category Application. */
  readonly jump?: PolicyObject;
  /** The rule of the category Ethernet that let it pass or dropped it. */
  readonly frameRule?: PolicyObject;
}

/** The two ends of a packet, as far as they are interfaces NSX knows. */
export interface Ends {
  readonly source?: Interface;
  readonly destination?: Interface;
}

/**
 * The distributed firewall at one interface: OUT of the source, IN to the destination. Both must allow. The first
 * rule that matches decides, in the order of `rulesInOrder`.
 */
export function evaluate(
  world: World,
  packet: Packet,
  ends: Ends,
  direction: 'IN' | 'OUT',
): Verdict {
  const at = direction === 'OUT' ? ends.source : ends.destination;
  if (!at || !isGuarded(world, at)) return { action: 'ALLOW' };
  let jump: PolicyObject | undefined;
  let frameRule: PolicyObject | undefined;
  for (const placed of rulesInOrder(world)) {
    const { rule, category } = placed;
    if (category === 'Ethernet' && frameRule) continue;
    if (category === 'Environment' && jump) continue;
    if (!isFor(rule, direction) || !appliesAt(world, placed, at)) continue;
    if (category === 'Ethernet') {
      if (!frameRuleMatches(world, rule, packet, ends)) continue;
      if (rule['action'] !== 'ALLOW') return { action: 'DROP', rule, frameRule: rule };
      frameRule = rule;
    } else if (packetMatches(world, rule, packet)) {
      const action = rule['action'];
      if (action === 'JUMP_TO_APPLICATION') jump = rule;
      else return decided(action, { rule, ...(jump && { jump }), ...(frameRule && { frameRule }) });
    }
  }
  return decided('ALLOW', { ...(jump && { jump }), ...(frameRule && { frameRule }) });
}

/** Paths of groups without a firewall: the list people keep, and with `system` that of the manager. */
export function excludedGroups(world: World, system = true): string[] {
  const lists = '/infra/settings/firewall/security';
  return ['exclude-list', ...(system ? ['system-exclude-list'] : [])].flatMap((list) =>
    texts(world.objects.get(`${lists}/${list}`)?.['members']),
  );
}

/** Whether the firewall runs at an interface: it is on, and the machine is not excluded from it. */
export function isGuarded(world: World, at: Interface): boolean {
  const settings = world.objects.get('/infra/settings/firewall/security');
  if (settings?.['enable_firewall'] === false) return false;
  return !excludedGroups(world).some((group) => isMember(world, group, at));
}

const decided = (action: unknown, rules: Omit<Verdict, 'action'>): Verdict => ({
  action: action === 'DROP' || action === 'REJECT' ? action : 'ALLOW',
  ...rules,
});

const isFor = ({ direction }: PolicyObject, side: 'IN' | 'OUT'): boolean =>
  direction === undefined || direction === 'IN_OUT' || direction === side;

function appliesAt(world: World, { appliedTo, scope }: PlacedRule, at: Interface): boolean {
  if (scope !== '' && !at.segment?.path.startsWith(`${scope}/`)) return false;
  return (
    appliedTo.length === 0 ||
    appliedTo.some((path) => path === at.segment?.path || isMember(world, path, at))
  );
}

/** Cheap tests first: a site has thousands of rules. */
function packetMatches(world: World, rule: PolicyObject, packet: Packet): boolean {
  const version = rule['ip_protocol'];
  if (version === 'IPV4' && packet.version !== 4) return false;
  if (version === 'IPV6' && packet.version !== 6) return false;
  return (
    servicesMatch(world, rule, packet) &&
    profilesMatch(world, rule, packet) &&
    sideMatches(world, rule, 'source', packet.source) &&
    sideMatches(world, rule, 'destination', packet.destination)
  );
}

function sideMatches(
  world: World,
  rule: PolicyObject,
  side: 'source' | 'destination',
  address: string,
): boolean {
  const entries = texts(rule[`${side}_groups`]);
  if (isAny(entries)) return true;
  const literal = entries.filter(isAddressEntry);
  const listed =
    (literal.length > 0 && new AddressSet(literal).has(address)) ||
    entries.some((entry) => entry.startsWith('/') && hasAddress(world, entry, address));
  return listed !== (rule[`${side}s_excluded`] === true);
}

/** Ethernet rules know machines by their interfaces, not by addresses. */
function frameRuleMatches(world: World, rule: PolicyObject, packet: Packet, ends: Ends): boolean {
  const side = (name: 'source' | 'destination'): boolean => {
    const entries = texts(rule[`${name}_groups`]);
    if (isAny(entries)) return true;
    const end = ends[name];
    const listed = end !== undefined && entries.some((path) => isMember(world, path, end));
    return listed !== (rule[`${name}s_excluded`] === true);
  };
  return frameMatches(world, rule, packet) && side('source') && side('destination');
}
