import { noBits } from './bits.js';
import { evaluationOrder, type Placed } from './evaluation-order.js';
import { Membership } from './membership.js';
import { Points, type Sure } from './points.js';
import { Elements, isAny, SetsOfPoints } from './rule-ends.js';
import { type RuleTable, ruleTable } from './rule-table.js';
import { ServiceTraffic } from './service-traffic.js';
import type { Snapshot } from './snapshot.js';
import { TrafficAtoms } from './traffic-atoms.js';
import { Vnics } from './vnics.js';

/** Where a packet is judged: as it leaves the source's interface, or as it reaches the destination's. */
export type Side = 'out' | 'in';

/** A rule that is in force, as sets. */
export interface CompiledRule extends Placed {
  /** Its place among the rules in force. */
  readonly index: number;
  readonly jump: boolean;
  /** Why it may let a packet pass by although sources, destinations and services fit. Empty when it may not. */
  readonly conditions: readonly string[];
  readonly source: Sure;
  readonly destination: Sure;
  readonly scope: Sure;
  readonly traffic: Sure;
  readonly sides: readonly Side[];
}

/** A snapshot's distributed firewall, compiled for questions. Building it is the expensive part: do it once. */
export class Firewall {
  readonly snapshot: Snapshot;
  readonly vnics: Vnics;
  readonly membership: Membership;
  readonly services: ServiceTraffic;
  readonly points: Points;
  readonly traffic: TrafficAtoms;
  /** All rules of layer 3 and up in evaluation order, disabled ones too. */
  readonly placed: readonly Placed[];
  /** The rules in force, in evaluation order. */
  readonly rules: readonly CompiledRule[];
  readonly table: Readonly<Record<Side, RuleTable>>;
  /** Classes whose interface is on the exclude list. */
  readonly excluded: Sure;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.vnics = new Vnics(snapshot);
    this.membership = new Membership(snapshot, this.vnics);
    this.services = new ServiceTraffic(snapshot.services);
    this.placed = evaluationOrder(snapshot.policies);
    const active = this.placed.filter(({ rule }) => rule.disabled !== true);
    const elements = new Elements(this.membership, this.vnics.all.length);
    const ends = active.map(({ rule, policy }) => ({
      source: elements.of(rule.source_groups),
      destination: elements.of(rule.destination_groups),
      scope: elements.of(scopeOf({ rule, policy })),
    }));
    const excludedElements = elements.of(snapshot.exclude_list?.members ?? []) ?? [];
    this.points = new Points(this.vnics, elements.all);
    const traffics = active.map(({ rule }) => this.services.ofRule(rule));
    this.traffic = new TrafficAtoms(
      distinct(traffics.flatMap(({ must, may }) => (must === may ? [must] : [must, may]))),
    );
    const sets = new SetsOfPoints(this.points);
    const trafficOf = remember((set: (typeof traffics)[number]['may']) =>
      this.traffic.meeting(set),
    );
    this.excluded =
      snapshot.exclude_list === null
        ? { must: noBits(this.points.classes.length), may: this.points.owned }
        : sets.standing(excludedElements.length > 0 ? excludedElements : []);
    this.rules = active.map((placed, index) => {
      const { rule } = placed;
      const end = ends[index];
      const traffic = traffics[index];
      const conditions = conditionsOf(placed);
      const may = traffic ? trafficOf(traffic.may) : this.traffic.all;
      const surely = conditions.length === 0 && traffic ? trafficOf(traffic.must) : undefined;
      return {
        ...placed,
        index,
        jump: rule.action === 'JUMP_TO_APPLICATION',
        conditions,
        source: sets.matching(end?.source, rule.sources_excluded === true, rule.ip_protocol),
        destination: sets.matching(
          end?.destination,
          rule.destinations_excluded === true,
          rule.ip_protocol,
        ),
        scope: sets.standing(end?.scope),
        traffic: { must: surely ?? noBits(this.traffic.size), may },
        sides: sidesOf(rule.direction),
      };
    });
    this.table = {
      out: ruleTable(this.rules, 'out', this.points, this.excluded),
      in: ruleTable(this.rules, 'in', this.points, this.excluded),
    };
  }
}

/** The policy's Applied To wins over the rule's. Undefined: the whole firewall. */
export function scopeOf({ rule, policy }: Pick<Placed, 'rule' | 'policy'>) {
  const own = (scope: readonly string[] | undefined) => (isAny(scope) ? undefined : scope);
  return own(policy.scope) ?? own(rule.scope);
}

/** Why the rule matches only sometimes. */
export function conditionsOf({ rule, policy }: Pick<Placed, 'rule' | 'policy'>): string[] {
  const reasons: string[] = [];
  if (!isAny(rule.profiles)) reasons.push(`context profile ${rule.profiles?.join(', ')}`);
  if (policy.scheduler_path) reasons.push(`time window ${policy.scheduler_path}`);
  return reasons;
}

const sidesOf = (direction: string | undefined): readonly Side[] =>
  direction === 'IN' ? ['in'] : direction === 'OUT' ? ['out'] : ['out', 'in'];

function remember<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<string, V>();
  return (key) => {
    const text = JSON.stringify(key);
    let value = known.get(text);
    if (value === undefined) {
      value = make(key);
      known.set(text, value);
    }
    return value;
  };
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
