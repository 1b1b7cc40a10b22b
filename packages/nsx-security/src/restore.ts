import type { PolicyObject } from '@vmware/clients/nsx';
import type { Snapshot } from './dfw/snapshot.js';
import type { Kind } from './differences.js';
import type { Wanted } from './reconcile.js';

/**
 * Everything that is to be as a snapshot has it: what it holds, and what is there now and not in it, which goes.
 * What belongs to the system, or on a Local Manager to the Global Manager, is nobody's to restore and is left out.
 */
export function wantedBy(snapshot: Snapshot, live: Snapshot): Wanted[] {
  const was = objectsOf(snapshot);
  const is = objectsOf(live);
  const kept = [...was.values()].map(
    ({ kind, object }): Wanted => ({
      kind,
      path: object.path,
      id: object.id,
      fields: { ...object },
    }),
  );
  const gone = [...is.values()]
    .filter(({ object }) => !was.has(object.path))
    .map(({ kind, object }): Wanted => ({ kind, path: object.path, id: object.id, fields: null }));
  // A policy that goes takes its rules along.
  const goingPolicies = new Set(
    gone.flatMap(({ kind, path }) => (kind === 'SecurityPolicy' ? [path] : [])),
  );
  const isBelow = ({ kind, path }: Wanted) =>
    kind === 'Rule' && goingPolicies.has(path.slice(0, path.lastIndexOf('/rules/')));
  return [...kept, ...gone.filter((wanted) => !isBelow(wanted))];
}

interface Found {
  readonly kind: Kind;
  readonly object: PolicyObject;
}

function objectsOf({ services, groups, policies, nsx_scope }: Snapshot): Map<string, Found> {
  const all: Found[] = [
    ...services.map((object) => ({ kind: 'Service' as const, object })),
    ...groups.map((object) => ({ kind: 'Group' as const, object })),
    ...policies.flatMap(({ rules, ...policy }) => [
      { kind: 'SecurityPolicy' as const, object: policy },
      ...rules.map((object) => ({ kind: 'Rule' as const, object })),
    ]),
  ];
  return new Map(
    all
      .filter(({ object }) => isOurs(object, nsx_scope))
      .map((found) => [found.object.path, found]),
  );
}

const isOurs = ({ _system_owned, _protection, path }: PolicyObject, nsx_scope: string): boolean =>
  !_system_owned &&
  _protection !== 'PROTECTED' &&
  (nsx_scope === 'global' || !path.startsWith('/global-infra/'));
