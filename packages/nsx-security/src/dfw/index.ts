export { type Finding, type FindingKind, findingKinds } from './analyze/finding.js';
export { type Analysis, analyze } from './analyze/index.js';
export { compareFields, diffSnapshots, type ObjectChange } from './diff.js';
export {
  type Connectivity,
  explainConnectivity,
  type Part,
  type SideExplanation,
} from './explain-connectivity.js';
export { explainVm, type VmExplanation } from './explain-vm.js';
export { Firewall } from './firewall.js';
export { formatIps, parseAddress, parseIps } from './ip-set.js';
export type { End } from './parties.js';
export { allPorts, parsePorts } from './port-set.js';
export type { RuleRef } from './rule-ref.js';
export { ServiceTraffic } from './service-traffic.js';
export type { PolicyWithRules, Snapshot } from './snapshot.js';
export { allBytes, ICMP, ICMPV6, TCP, type TrafficSet, UDP } from './traffic-set.js';
export { findUnused, type UnusedEvidence } from './unused.js';
