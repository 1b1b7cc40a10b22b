import type { Cause } from '../kube-error.js';
import { type KubeObject, listAt, objectAt, textAt } from '../object.js';
import { invalidField } from './faults.js';

interface Parts {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

function partsOf(version: string): Parts {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return { major: Number(major ?? 0), minor: Number(minor ?? 0), patch: Number(patch ?? 0) };
}

const versionOf = ({ spec }: KubeObject): string => textAt(spec, 'topology', 'version') ?? '';

const holds = ({ status }: KubeObject, type: string): boolean =>
  listAt(status, 'conditions').some(
    (condition) => condition['type'] === type && condition['status'] === 'True',
  );

/** Whether a cluster's version may go from one to the other: up, one minor version at most, and one after the other. */
export function faultsOfVersionChange(before: KubeObject, after: KubeObject): Cause[] {
  const [from, to] = [versionOf(before), versionOf(after)];
  const field = 'spec.topology.version';
  if (from === to) return [];
  const [old, wanted] = [partsOf(from), partsOf(to)];
  const bare = (version: string) => version.replace(/^v/, '');
  const refused = (how: string) => [
    invalidField(field, to, `version cannot be ${how} from "${bare(from)}" to "${bare(to)}"`),
  ];
  const order = wanted.major - old.major || wanted.minor - old.minor || wanted.patch - old.patch;
  if (order < 0) return refused('decreased');
  if (wanted.major > old.major || wanted.minor >= old.minor + 2) return refused('increased');
  const initialized = objectAt(before, 'status', 'initialization')['controlPlaneInitialized'];
  const why =
    initialized !== true
      ? 'control plane is currently provisioning'
      : holds(before, 'RollingOut')
        ? 'control plane is still completing a previous upgrade'
        : undefined;
  return why ? [invalidField(field, to, `version cannot be changed: ${why}`)] : [];
}
