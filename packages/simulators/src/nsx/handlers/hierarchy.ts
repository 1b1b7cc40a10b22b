import type { Call, Handlers } from '../call.js';
import { Change } from '../change.js';
import { checkBody, isObject } from '../check-body.js';
import type { Fields } from '../new-object.js';
import { badPath, badRequest, invalid } from '../nsx-error.js';
import { plantInfra } from '../skeleton.js';
import type { PolicyObject, Store } from '../store.js';
import { shown } from './objects.js';

/** Type -> the segment of its path, and what it may stand below. */
const places: Readonly<Record<string, readonly [segment: string, ...parents: string[]]>> = {
  Org: ['orgs', 'OrgRoot'],
  Project: ['projects', 'Org'],
  Vpc: ['vpcs', 'Project'],
  Infra: ['infra', 'Project', 'OrgRoot'],
  Domain: ['domains', 'Infra'],
  Service: ['services', 'Infra'],
  PolicyContextProfile: ['context-profiles', 'Infra'],
  Segment: ['segments', 'Infra'],
  SegmentPort: ['ports', 'Segment'],
  Group: ['groups', 'Domain', 'Vpc'],
  SecurityPolicy: ['security-policies', 'Domain', 'Vpc'],
  Rule: ['rules', 'SecurityPolicy', 'GatewayPolicy'],
  GatewayPolicy: ['gateway-policies', 'Domain', 'Vpc'],
  IdsSecurityPolicy: ['intrusion-service-policies', 'Domain'],
  IdsRule: ['rules', 'IdsSecurityPolicy'],
};

/** Types the API creates by name only: a domain is there or it is not. */
const containers = ['OrgRoot', 'Org', 'Infra', 'Domain'];

/** The hierarchical API: a tree of changes, made together or not at all. */
export const hierarchyHandlers: Handlers = {
  'PATCH /': (call) => patch(call, call.tree, 'Infra'),
  'PATCH /org-root': (call) => patch(call, '', 'OrgRoot'),
  'GET /': (call) => read(call, call.tree, 'Infra'),
  'GET /org-root': (call) => read(call, '', 'OrgRoot'),
};

function patch(call: Call, root: string, type: string): void {
  const { world, user, body, query, overwrite } = call;
  const given = body['resource_type'];
  if (given !== undefined && given !== type)
    throw badRequest(`Field resource_type is ${type}, not ${JSON.stringify(given)}.`);
  const revision = query['enforce_revision_check'] === 'true' ? 'if-given' : 'ignored';
  Change.make(world, user, overwrite, (change) => {
    const walk = (children: unknown, parent: string, parentType: string, at: string): void => {
      if (children === undefined || children === null) return;
      if (!Array.isArray(children)) throw badRequest(`Field ${at} is a list.`);
      for (const [index, child] of children.entries())
        one(child, parent, parentType, `${at}[${index}]`);
    };
    const one = (child: unknown, parent: string, parentType: string, at: string): void => {
      const { kind, wrapped, inner, id } = unwrapped(child, at);
      const [segment, ...parents] = places[kind] ?? [];
      if (segment === undefined || !parents.includes(parentType))
        throw badRequest(`Field ${at}: a ${kind} does not stand below ${parentType}.`);
      const path = kind === 'Infra' ? `${parent}/infra` : `${parent}/${segment}/${id}`;
      const { children, marked_for_delete: inside, ...fields } = inner;
      if (wrapped['marked_for_delete'] === true || inside === true) {
        change.erase(path);
        return;
      }
      if (wrapped['resource_type'] === 'ChildResourceReference' || containers.includes(kind)) {
        if (!world.objects.get(path)) throw badPath(path);
      } else {
        const checked = checkBody(fields, kind, `${at}.${kind}`);
        change.write({
          path,
          type: kind,
          fields: checked,
          replaces: false,
          revision,
          partial: false,
        });
        if (kind === 'Project' && !world.objects.get(`${path}/infra`))
          plantInfra(world, `${path}/infra`);
      }
      walk(children, path, kind, `${at}.children`);
    };
    walk(body['children'], root, type, 'children');
  });
}

interface Unwrapped {
  readonly kind: string;
  readonly wrapped: Fields;
  readonly inner: Fields;
  readonly id: string;
}

/** `{resource_type: 'ChildGroup', Group: {id, ..}}`, or a reference to an object that only leads to its children. */
function unwrapped(child: unknown, at: string): Unwrapped {
  if (!isObject(child)) throw badRequest(`Field ${at} is an object.`);
  const type = String(child['resource_type'] ?? '');
  const isReference = type === 'ChildResourceReference';
  const kind = isReference ? String(child['target_type']) : /^Child(\w+)$/.exec(type)?.[1];
  if (kind === undefined || !Object.hasOwn(places, kind))
    throw badRequest(`Field ${at}.resource_type '${type}' is none that is known.`);
  const inner = isReference ? child : child[kind];
  if (!isObject(inner)) throw badRequest(`Field ${at}.${kind} is required.`);
  const known = isReference
    ? ['resource_type', 'id', 'target_type', 'children', 'marked_for_delete']
    : ['resource_type', kind, 'marked_for_delete', 'mark_for_override'];
  const stray = Object.keys(child).find((name) => !known.includes(name));
  if (stray !== undefined) throw badRequest(`Unrecognized field "${at}.${stray}" of ${type}.`);
  const id = inner['id'] ?? (kind === 'Infra' ? 'infra' : undefined);
  if (typeof id !== 'string' || id === '' || id.includes('/'))
    throw invalid(`Field ${at}.${kind}.id is required.`);
  return { kind, wrapped: child, inner, id };
}

/** `filter=Type-Group|SecurityPolicy` adds the objects of those types, each below its parents. */
function read(call: Call, root: string, type: string): unknown {
  const { world, query } = call;
  const self = world.objects.get(root) ?? { resource_type: type, id: type };
  const filter = query['type_filter'] ?? /^Type-(.+)$/.exec(query['filter'] ?? '')?.[1];
  if (query['filter'] !== undefined && filter === undefined)
    throw badRequest(
      `The parameter filter is written Type-Group|Service, not '${query['filter']}'.`,
    );
  if (filter === undefined) return self;
  const wanted = filter.split(/[|;]/).map((each) => each.replace(/^Type-/, ''));
  return { ...self, children: below(call, world.objects, root, wanted) };
}

function below(call: Call, objects: Store, path: string, wanted: readonly string[]): object[] {
  const children = objects.children(path === '' ? '/' : path);
  return children.flatMap((object: PolicyObject) => {
    const inner = below(call, objects, object.path, wanted);
    const kind = object.resource_type;
    if (!wanted.includes(kind) && inner.length === 0) return [];
    const whole = wanted.includes(kind) ? (shown(call, object, false) as object) : object;
    return [
      {
        resource_type: `Child${kind}`,
        [kind]: { ...whole, ...(inner.length > 0 && { children: inner }) },
      },
    ];
  });
}
