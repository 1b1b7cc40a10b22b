import type { NsxRequest } from '@vmware/simulators';
import catalogue from '../../simulators/src/nsx/catalogue.json' with { type: 'json' };

type Fields = Readonly<Record<string, unknown>>;

interface Route {
  readonly query: Fields;
  readonly body?: string;
}

const routes = new Map(
  (catalogue.routes as unknown as (Route & { method: string; path: string; fixed?: string })[]).map(
    (route) => [
      `${route.method} ${route.path}${route.fixed ? `?${route.fixed}` : ''}`,
      { ...route, query: { ...route.query, ...asFields(route.fixed) } },
    ],
  ),
);
const types = catalogue.types as Readonly<Record<string, Fields>>;

function asFields(fixed: string | undefined): Fields {
  return Object.fromEntries(new URLSearchParams(fixed ?? ''));
}

/** Types of a hierarchical body, which the catalogue leaves to the resource they wrap. */
const root: Fields = { resource_type: 'string', children: '[]Child' };
const reference: Fields = { ...root, id: 'string', target_type: 'string' };

/**
 * What a request has that the API catalogue of NSX does not: its route, a parameter, a field of its body however
 * deep. Empty when all of it is known. A session's door is outside of the catalogue.
 */
export function unknownIn({ method, target, body }: NsxRequest): string[] {
  if (/^POST \/api\/session\/(create|destroy)$/.test(method)) return [];
  const route = routes.get(method);
  if (!route) return [`route ${method}`];
  const parameters = [...new URLSearchParams(target.split('?')[1] ?? '').keys()];
  const strange = parameters.filter((name) => !Object.hasOwn(route.query, name));
  const given = body === undefined || body === '' ? undefined : (JSON.parse(body) as Fields);
  return [
    ...strange.map((name) => `parameter ${name} of ${method}`),
    ...(given && !route.body ? [`body of ${method}`] : []),
    ...(given && route.body ? unknownFields(given, route.body, '') : []).map(
      (field) => `${field} of ${method}`,
    ),
  ];
}

function unknownFields(value: Fields, type: string, at: string): string[] {
  const { resource_type } = value;
  const known = fieldsOf(type === 'Child' ? wrapper(value) : own(type, resource_type));
  if (!known) return [`type ${String(resource_type ?? type)} at ${at || 'the top'}`];
  return Object.entries(value).flatMap(([name, held]) => {
    const spec = known[name];
    const place = `${at}${at && '.'}${name}`;
    if (typeof spec !== 'string') return name === 'resource_type' ? [] : [`field ${place}`];
    const inner = /^(?:\[\])?(\w+)/.exec(spec)?.[1] ?? '';
    const list: unknown[] = Array.isArray(held) ? held : [held];
    return list.flatMap((each) =>
      typeof each === 'object' && each !== null ? unknownFields(each as Fields, inner, place) : [],
    );
  });
}

/** `{resource_type: 'ChildGroup', Group: {…}}`, or a reference that only leads on. */
function wrapper({ resource_type }: Fields): Fields {
  if (resource_type === 'ChildResourceReference') return reference;
  const type = String(resource_type).replace(/^Child/, '');
  return { resource_type: 'string', marked_for_delete: 'boolean', [type]: type };
}

/** What stands for several types: an element says which it is. */
const families = new Set(['Expression', 'ServiceEntry', 'PacketData']);

const own = (type: string, said: unknown): string | Fields => {
  if (type === 'Infra' || type === 'OrgRoot') return root;
  return families.has(type) ? String(said) : type;
};

function fieldsOf(type: string | Fields): Fields | undefined {
  if (typeof type !== 'string') return type;
  const fields = types[type];
  return fields && { ...fields, ...('children' in fields && { children: '[]Child' }) };
}
