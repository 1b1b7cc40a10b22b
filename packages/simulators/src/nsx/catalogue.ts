import table from './catalogue.json' with { type: 'json' };
import { badRequest, noSuchRoute } from './nsx-error.js';

/** An operation of the API: what it is called with and answers. */
export interface Operation {
  readonly method: string;
  /** `/policy/api/v1/infra/domains/{}/groups/{}` */
  readonly path: string;
  /** What its query must say for it to be this operation: `action=revise`. */
  readonly fixed?: string;
  /** Parameter -> `string`, `integer` or `boolean`, with `!` when it must be there. */
  readonly query: Readonly<Record<string, string>>;
  /** The type of the request's body. */
  readonly body?: string;
  readonly result: string;
  readonly status: number;
}

/** An operation and where it was called. */
export interface Found {
  readonly operation: Operation;
  /** `GET /policy/api/v1/infra/domains/{}/groups/{}`, with the fixed query. */
  readonly name: string;
  /** The path as it was called, decoded: `/policy/api/v1/infra/domains/default/groups/web`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

interface Node {
  readonly literal: Map<string, Node>;
  any?: Node;
  readonly operations: Operation[];
}

const node = (): Node => ({ literal: new Map(), operations: [] });
const root = node();

/** Every operation that is served. */
export const operations: readonly Operation[] = table.routes as unknown as Operation[];

/** Type -> field -> what it may hold: `string<=255`, `[]Tag<=30`, `A|B|C`, the name of a type. */
export const types: Readonly<Record<string, Readonly<Record<string, string>>>> = table.types;

for (const operation of operations) {
  let at = root;
  for (const segment of operation.path.slice(1).split('/')) {
    if (segment === '{}') at = at.any ??= node();
    else {
      const next = at.literal.get(segment) ?? node();
      at.literal.set(segment, next);
      at = next;
    }
  }
  at.operations.push(operation);
}

/** The name an operation is recorded and matched by. */
export const nameOf = ({ method, path, fixed }: Operation): string =>
  `${method} ${path}${fixed ? `?${fixed}` : ''}`;

/** The operation of a request target, taken as it was sent: nothing is normalized, an id is one segment. Throws. */
export function findOperation(method: string, target: string): Found {
  const [path = '', search = ''] = target.split(/\?(.*)/s);
  const segments = path.slice(1).split('/').map(decoded);
  const parameters = parametersOf(search);
  const candidates = operationsAt(root, segments).filter((each) => each.method === method);
  const operation =
    candidates.find(({ fixed }) => fixed !== undefined && isFixed(fixed, parameters)) ??
    candidates.find(({ fixed }) => fixed === undefined);
  if (!operation) throw noSuchRoute(path);
  const query = { ...parameters };
  if (operation.fixed) delete query[operation.fixed.split('=')[0] ?? ''];
  checkQuery(operation, query);
  return { operation, name: nameOf(operation), path: `/${segments.join('/')}`, query };
}

function operationsAt(at: Node, [first, ...rest]: readonly string[]): readonly Operation[] {
  if (first === undefined) return at.operations;
  const literal = at.literal.get(first);
  const found = literal ? operationsAt(literal, rest) : [];
  if (found.length > 0 || !at.any || first === '') return found;
  return operationsAt(at.any, rest);
}

const isFixed = (fixed: string, parameters: Readonly<Record<string, string>>): boolean => {
  const [name = '', value] = fixed.split('=');
  return parameters[name] === value;
};

/** One segment. What would be another path once decoded is refused. */
function decoded(segment: string): string {
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch {
    throw badRequest(`The path segment '${segment}' is not percent-encoded properly.`);
  }
  const control = [...text].some((character) => character < ' ');
  if (text === '.' || text === '..' || text.includes('/') || text.includes('\\') || control)
    throw badRequest(`The path segment '${segment}' is not an identifier.`);
  return text;
}

function parametersOf(search: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (Object.hasOwn(parameters, name))
      throw badRequest(`The parameter ${name} is given more than once.`);
    parameters[name] = value;
  }
  return parameters;
}

function checkQuery({ query }: Operation, given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    const type = Object.hasOwn(query, name) ? query[name] : undefined;
    if (type === undefined) throw badRequest(`Unsupported query parameter: ${name}`);
    if (type.startsWith('boolean') && value !== 'true' && value !== 'false')
      throw badRequest(`The parameter ${name} is true or false, not '${value}'.`);
    if (type.startsWith('integer') && !/^-?\d+$/.test(value))
      throw badRequest(`The parameter ${name} is a whole number, not '${value}'.`);
  }
  for (const [name, type] of Object.entries(query))
    if (type.endsWith('!') && !Object.hasOwn(given, name))
      throw badRequest(`Required parameter ${name} is missing.`);
}
