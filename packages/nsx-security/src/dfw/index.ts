export { type Finding, type FindingKind, findingKinds, type Severity } from './analyze/finding.js';
export { type Analysis, analyze } from './analyze/index.js';
export {
  compareFields,
  diffSnapshots,
  type FieldChange,
  type ObjectChange,
  type ObjectType,
  type SnapshotDiff,
} from './diff.js';
export {
  type Change,
  type Connectivity,
  type Deciding,
  explainConnectivity,
  type Part,
  type SideExplanation,
  type Verdict,
} from './explain-connectivity.js';
export { explainVm, type Holds, type Via, type VmExplanation, type VmRule } from './explain-vm.js';
export { Firewall, type Side } from './firewall.js';
export { type Address, formatIps, type IpSet, parseAddress, parseIps } from './ip-set.js';
export { type End, membersOfGroup } from './parties.js';
export { parsePorts } from './port-set.js';
export type { RuleRef } from './rule-ref.js';
export { ServiceTraffic } from './service-traffic.js';
export type { PolicyWithRules, Snapshot } from './snapshot.js';
export { type Packets, trafficOf } from './traffic-question.js';
export { allTraffic, formatTraffic, type TrafficSet } from './traffic-set.js';
export { findUnused, type UnusedEvidence, type UnusedReport } from './unused.js';
