import type { SupervisorApi } from '../kube/supervisor-api.js';
import type { RestAnswer } from '../rest/rest-routes.js';
import type { WcpWorld } from './world.js';

/**
 * `POST /wcp/login` at the vCenter: answered by the login service of the Supervisor that the namespace of a cluster is
 * on, or of the first one. A token is good for that Supervisor alone, so with several of them each has to be asked at
 * its own address.
 */
export function loginAt(
  { namespaces }: WcpWorld,
  supervisors: ReadonlyMap<string, SupervisorApi>,
  authorization: string | undefined,
  body: string,
): RestAnswer {
  const on = namespaces.get(namespaceIn(body))?.supervisor ?? '';
  const [first] = supervisors.values();
  const { logins } = supervisors.get(on) ?? first ?? {};
  const answer = logins?.answer('POST', '/wcp/login', authorization, body);
  if (!answer) return { status: 404 };
  const { status, headers, body: said } = answer;
  return { status, ...(headers && { headers }), ...(said !== undefined && { body: said }) };
}

function namespaceIn(body: string): string {
  try {
    const { guest_cluster_namespace: name } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return typeof name === 'string' ? name : '';
  } catch {
    return ''; // the login service says what is wrong with it
  }
}
