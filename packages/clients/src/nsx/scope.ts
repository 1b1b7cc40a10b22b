import { ApiError } from '../http/errors.js';
import { segment } from './path.js';

/** Where policy objects live, and the API that reaches them. */
export interface Scope {
  /** As a user writes it: `default`, `project:web`, `vpc:web/shop`, `global`. */
  readonly name: string;
  readonly kind: 'default' | 'project' | 'vpc' | 'global';
  readonly api: '/policy/api/v1' | '/global-manager/api/v1';
  /** Policy path of the domain or VPC that holds security policies and groups. */
  readonly domain: string;
  /** Policy path of services, context profiles, segments and settings: the project's for a VPC. */
  readonly infra: string;
  /** Policy path that the association reads are below. */
  readonly associations: string;
}

const local = '/policy/api/v1';
const domainOf = (infra: string) => `${infra}/domains/default`;

/**
 * The scope that `default`, `project:<id>`, `vpc:<project>/<id>` or `global` names; absent: the default
 * domain. Throws INVALID_INPUT for anything else.
 */
export function scopeOf(text = 'default'): Scope {
  const [, kind = text, rest = ''] = /^(\w+):(.*)$/.exec(text) ?? [];
  const ids = rest === '' ? [] : rest.split('/');
  const [project = '', vpc = ''] = ids;
  if (kind === 'default' && ids.length === 0) return infraScope('default', kind, '/infra', local);
  if (kind === 'global' && ids.length === 0)
    return infraScope('global', kind, '/global-infra', '/global-manager/api/v1');
  if (kind === 'project' && ids.length === 1)
    return infraScope(text, kind, `${projectPath(project)}/infra`, local);
  if (kind === 'vpc' && ids.length === 2) {
    const path = `${projectPath(project)}/vpcs/${segment(vpc)}`;
    const infra = `${projectPath(project)}/infra`;
    return { name: text, kind, api: local, domain: path, infra, associations: path };
  }
  throw new ApiError('INVALID_INPUT', `"${text}" is not a scope of NSX`, {
    remedy: 'Use default, project:<id>, vpc:<project>/<id> or global.',
  });
}

const projectPath = (id: string) => `/orgs/default/projects/${segment(id)}`;

const infraScope = (
  name: string,
  kind: Scope['kind'],
  infra: string,
  api: Scope['api'],
): Scope => ({ name, kind, api, infra, domain: domainOf(infra), associations: infra });
