import { holds } from '../../vcenter/privileges.js';
import { type Call, configure, first, type Handlers } from '../call.js';
import { changeable, namespaceOf } from '../change-namespace.js';
import { alreadyExists, invalidArgument, unsupported } from '../refusals.js';
import type { Access, Namespace } from '../world.js';

const route = '/api/vcenter/namespaces/instances/{}/access/{}/{}';

type Who = Pick<Access, 'subject_type' | 'subject' | 'domain'>;

const whoOf = ({ ids: [, domain = '', subject = ''], query }: Call): Who => ({
  subject_type: query['type'] as Access['subject_type'],
  subject,
  domain,
});

/** Names of Single Sign-On do not differ by case alone. */
const isOf = (who: Who) => (access: Access) =>
  access.subject_type === who.subject_type &&
  access.subject.toLowerCase() === who.subject.toLowerCase() &&
  access.domain.toLowerCase() === who.domain.toLowerCase();

function accessOf({ accessList }: Namespace, who: Who): Access {
  const found = accessList.find(isOf(who));
  if (found) return found;
  throw unsupported(
    `${who.subject_type} '${who.subject}@${who.domain}' is not associated with the namespace.`,
    who.subject,
  );
}

function setAccess(call: Call, namespace: Namespace, who: Who): void {
  const kept = namespace.accessList.filter((each) => !isOf(who)(each));
  const given = call.body as Pick<Access, 'role' | 'identity_provider'>;
  if (given.role === 'OWNER' && given.identity_provider !== undefined)
    throw unsupported(
      'Only users and groups of vSphere Single Sign-On can be owners.',
      who.subject,
    );
  namespace.accessList = [...kept, { ...who, ...given }];
  call.world.emit('namespace', namespace);
}

/** Who may do what in a namespace. */
export const accessHandlers: Handlers = {
  [`GET ${route}`]: (call) => {
    const { role, identity_provider: provider } = accessOf(
      namespaceOf(call.world, first(call)),
      whoOf(call),
    );
    return {
      role,
      ...(provider !== undefined && { identity_provider: provider }),
      inherited: false,
    };
  },
  [`POST ${route}`]: (call) => {
    const namespace = changeable(call.world, first(call));
    const who = whoOf(call);
    if (!call.world.domains.includes(who.domain))
      throw invalidArgument(`There is no domain '${who.domain}'.`, who.domain);
    if (namespace.accessList.some(isOf(who)))
      throw alreadyExists(`'${who.subject}@${who.domain}' already has a role.`, who.subject);
    setAccess(call, namespace, who);
  },
  [`PUT ${route}`]: (call) => {
    const namespace = changeable(call.world, first(call));
    accessOf(namespace, whoOf(call));
    setAccess(call, namespace, whoOf(call));
  },
  [`DELETE ${route}`]: (call) => {
    const namespace = changeable(call.world, first(call));
    const access = accessOf(namespace, whoOf(call));
    namespace.accessList = namespace.accessList.filter((each) => each !== access);
    call.world.emit('namespace', namespace);
  },
  /** Namespaces that the caller, or whom the query names, can enter. */
  'GET /api/vcenter/namespaces-user/namespaces': ({ world, session, query }) => {
    const { username, groups = [] } = query as { username?: string; groups?: readonly string[] };
    const enters = username === undefined && holds(session.user, configure);
    const [subject = '', domain = ''] = (username ?? session.user.username).split('@');
    const isAsked = isOf({ subject_type: 'USER', subject, domain });
    return [...world.namespaces.values()]
      .filter(({ configStatus }) => configStatus === 'RUNNING')
      .filter(
        ({ accessList }) =>
          enters ||
          accessList.some(
            (each) =>
              isAsked(each) ||
              (each.subject_type === 'GROUP' && groups.includes(`${each.subject}@${each.domain}`)),
          ),
      )
      .map(({ name, supervisor }) => ({
        namespace: name,
        master_host: world.supervisors.get(supervisor)?.endpoint ?? '',
      }));
  },
};
