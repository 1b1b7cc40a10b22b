import type { Found, Operation } from './catalogue.js';
import type { Fields } from './new-object.js';
import type { Query } from './paging.js';
import type { User } from './roles.js';
import type { World } from './world.js';

/** Where a route is: the tree of policy it works on, and what is left of it below. */
export interface Place {
  /** `/infra`, `/global-infra`, a project's `/orgs/default/projects/p/infra`, a VPC; empty outside of policy. */
  readonly tree: string;
  /** Where groups and policies are: `/infra/domains/default`, or the VPC itself. */
  readonly domain: string;
  /** The object that the route names: `/infra/domains/default/groups/web`. */
  readonly path: string;
  /** What a handler is found by: `GET /groups/{}/members/virtual-machines`. */
  readonly key: string;
  /** The identifiers below the domain, in order. */
  readonly ids: readonly string[];
}

/** A request that may be answered: who asks, what, and where. */
export interface Call extends Place {
  readonly world: World;
  readonly user: User;
  readonly operation: Operation;
  readonly query: Query;
  /** The body, checked against its type; empty where there is none. */
  readonly body: Fields;
  /** Whether the request insists on changing a protected object. */
  readonly overwrite: boolean;
  /** Whether PATCH keeps what it leaves out. */
  readonly partial: boolean;
  /** The most items in a page. */
  readonly pageCap: number;
}

/** Answers the body of a 200, or nothing for a route that answers none. Throws an NsxError. */
export type Handler = (call: Call) => unknown;

export type Handlers = Readonly<Record<string, Handler>>;

const trees = [
  '/orgs/{}/projects/{}/vpcs/{}/',
  '/orgs/{}/projects/{}/infra',
  '/infra',
  '/global-infra',
];

/** Splits a route into the tree it belongs to and the rest. */
export function placeOf({ operation, path }: Pick<Found, 'operation' | 'path'>): Place {
  const [, api = ''] =
    /^(\/policy\/api\/v1|\/global-manager\/api\/v1)\//.exec(operation.path) ?? [];
  const pattern = operation.path.slice(api.length);
  const concrete = path.slice(api.length);
  const tree = trees.find((each) => pattern === each || pattern.startsWith(lead(each))) ?? '';
  const treeDepth = depthOf(tree);
  const rest = pattern.split('/').slice(1 + treeDepth);
  const inDomain = tree !== '' && rest[0] === 'domains' && rest.length > 2;
  const below = inDomain ? rest.slice(2) : rest;
  const segments = concrete.split('/');
  const treePath = segments.slice(0, 1 + treeDepth).join('/');
  const given = segments.slice(segments.length - below.length);
  const fixed = operation.fixed ? `?${operation.fixed}` : '';
  return {
    tree: treePath,
    domain: inDomain ? segments.slice(0, 3 + treeDepth).join('/') : treePath,
    path: concrete,
    key: `${operation.method} /${below.join('/')}${fixed}`,
    ids: given.filter((_, at) => below[at] === '{}'),
  };
}

/** A VPC is a tree only to what is in it: by itself it is an object of its project. */
const lead = (tree: string): string => (tree.endsWith('/') ? tree : `${tree}/`);

const depthOf = (tree: string): number => tree.split('/').filter((part) => part !== '').length;
