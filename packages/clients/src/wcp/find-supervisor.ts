import { ApiError } from '../http/errors.js';
import { nearest } from '../nearest.js';
import type { Supervisor } from './supervisor.js';
import type { NamespaceSummary } from './types.js';

/** The Supervisor of that id or name, or on the vSphere cluster of that id; without a word the only one there is. */
export function findSupervisor(all: readonly Supervisor[], word: string | undefined): Supervisor {
  const found = all.filter(
    ({ id, name, clusters }) =>
      word === undefined || id === word || name === word || clusters.includes(word),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = all.map(({ name, id }) => `${name} (${id})`).join(', ');
  if (found.length > 1)
    throw new ApiError(
      'AMBIGUOUS',
      `${word === undefined ? 'There is more than one Supervisor' : `More than one Supervisor is called ${word}`}: ${names}`,
      { remedy: 'Name one of them by its id.' },
    );
  const known = all.flatMap(({ id, name, clusters }) => [name, id, ...clusters]);
  const [near] = nearest(word ?? '', known, 1);
  throw new ApiError('NOT_FOUND', `There is no Supervisor ${word}. There are: ${names}`, {
    remedy: `${near ? `Did you mean ${near}? ` : ''}Run \`vmware-vks doctor\` to see what the target can do.`,
  });
}

/** The Supervisor that a namespace is on. One that is not listed is an error: it must not count as another, or none. */
export function supervisorOf(
  namespace: string,
  namespaces: readonly NamespaceSummary[],
  all: readonly Supervisor[],
): Supervisor {
  const found = namespaces.find((one) => one.namespace === namespace);
  const supervisor = all.find(({ id }) => id === found?.supervisor);
  if (supervisor) return supervisor;
  if (found)
    throw new ApiError(
      'UPSTREAM',
      `The Supervisor ${found.supervisor} of ${namespace} is not listed`,
      { remedy: 'Run `vmware-vks doctor`, then try again.', retryable: true },
    );
  const known = namespaces.map((one) => one.namespace);
  const [near] = nearest(namespace, known, 1);
  throw new ApiError('NOT_FOUND', `There is no vSphere Namespace ${namespace}`, {
    remedy: `${near ? `Did you mean ${near}? ` : ''}Run \`vmware-vks namespace list\` to see them.`,
  });
}

export const isOff = (host: string): ApiError =>
  new ApiError(
    'WORKLOAD_MANAGEMENT_OFF',
    `Workload Management is not enabled on ${host}: there is no Supervisor`,
    { remedy: 'Enable a Supervisor in the vSphere Client, then run `vmware-vks doctor`.' },
  );
