import { idOf, type Rule, type SecurityPolicy } from '@vmware/clients/nsx';
import { Names } from './names.js';
import type { Place } from './objects.js';

/** What a person gives of a rule; what is undefined is left as it is. */
export interface RuleWords {
  readonly sources?: readonly string[] | undefined;
  readonly destinations?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly scope?: readonly string[] | undefined;
}

/** The words of a rule as NSX's fields, every group and service of them found. Throws for one that is not there. */
export async function ruleLists(
  place: Place,
  { sources, destinations, services, scope }: RuleWords,
): Promise<Partial<Pick<Rule, 'source_groups' | 'destination_groups' | 'services' | 'scope'>>> {
  const names = new Names(place);
  return {
    ...(sources && { source_groups: await names.endpoints(sources, 'sources') }),
    ...(destinations && {
      destination_groups: await names.endpoints(destinations, 'destinations'),
    }),
    ...(services && { services: await names.services(services) }),
    ...(scope && { scope: await names.appliedTo(scope) }),
  };
}

/** What NSX would refuse about a rule in this policy, said before anything is sent. */
export function ruleBlockers(
  { action, ip_protocol }: Pick<Rule, 'action' | 'ip_protocol'>,
  { category, display_name, id }: SecurityPolicy,
): string[] {
  const name = display_name ?? id;
  return [
    ...(action === 'JUMP_TO_APPLICATION' && category !== 'Environment'
      ? [`JUMP_TO_APPLICATION is for the category Environment only; ${name} is in ${category}.`]
      : []),
    ...(action === 'REJECT' && category === 'Ethernet'
      ? [`REJECT is not for the category Ethernet, in which ${name} is.`]
      : []),
    ...(category === 'Ethernet' && ip_protocol
      ? [`A rule of the category Ethernet has no ip_protocol; ${name} is in Ethernet.`]
      : []),
  ];
}

/** A rule in one line: `ALLOW web-servers → app-servers : shop-app`. */
export function ruleSentence(rule: Rule): string {
  const short = (words: readonly string[] = ['ANY']) =>
    words.map((word) => (word.startsWith('/') ? idOf(word) : word)).join(', ');
  const not = (excluded: boolean | undefined) => (excluded ? 'not ' : '');
  return `${rule.action} ${not(rule.sources_excluded)}${short(rule.source_groups)} → ${not(rule.destinations_excluded)}${short(rule.destination_groups)} : ${short(rule.services)}`;
}
