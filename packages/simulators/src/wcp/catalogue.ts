import { has, type VcenterVersion } from '../server/vcenter-version.js';
import table from './catalogue.json' with { type: 'json' };

/** An operation of the REST API, as the vendor's bindings describe it. */
export interface Operation {
  readonly method: string;
  /** `/api/vcenter/namespaces/instances/{}` */
  readonly path: string;
  /** Parameter -> what it may hold. One that may hold a list is given once for each element. */
  readonly query: Readonly<Record<string, string>>;
  /** What the body is. */
  readonly body?: string;
  readonly result: string;
  /** What an account must have, every one. */
  readonly privileges?: readonly string[];
  /** The version that brought it; absent when every vCenter that is simulated has it. */
  readonly since?: string;
}

/** An operation and the ids it was called with, decoded. */
export interface Found {
  readonly operation: Operation;
  readonly ids: readonly string[];
}

/** Every operation that is served. */
export const operations: readonly Operation[] = table.routes;

/** Type -> its fields, or `A|B|C` for an enumeration. A field is `string`, `id?`, `[]name`, `{}name`. */
export const types: Readonly<Record<string, string | Readonly<Record<string, string>>>> =
  table.types;

/** Type -> its fields that older vCenters do not have yet -> the version that brought them. */
export const fieldsSince: Readonly<Record<string, Readonly<Record<string, string>>>> = table.since;

/** The name an operation is recorded and matched by: `GET /api/vcenter/namespaces/instances/{}`. */
export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

interface Template {
  readonly operation: Operation;
  readonly segments: readonly string[];
}

const templates: readonly Template[] = operations
  .map((operation) => ({ operation, segments: operation.path.split('/') }))
  // What is spelt out goes before what is an id: `/instances/v2` is no namespace.
  .sort((a, b) => a.operation.path.split('{}').length - b.operation.path.split('{}').length);

/** The operation of a path, taken as it was sent: nothing is normalized, an id is one segment. */
export function findOperation(
  method: string,
  path: string,
  version: VcenterVersion,
): Found | undefined {
  const sent = path.split('/');
  for (const { operation, segments } of templates) {
    if (operation.method !== method || segments.length !== sent.length) continue;
    if (!has(version, operation.since)) continue;
    const ids = idsOf(segments, sent);
    if (ids) return { operation, ids };
  }
  return undefined;
}

function idsOf(template: readonly string[], sent: readonly string[]): string[] | undefined {
  const ids: string[] = [];
  for (const [at, segment] of template.entries()) {
    const given = sent[at] ?? '';
    if (segment === '{}') {
      const id = decoded(given);
      if (id === undefined || id === '') return undefined;
      ids.push(id);
    } else if (segment !== given) return undefined;
  }
  return ids;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
