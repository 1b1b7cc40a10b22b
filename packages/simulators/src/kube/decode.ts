import type { Ask } from './api.js';
import { withMetadata } from './convert.js';
import { apiVersionOf, type Kind } from './kinds.js';
import { badRequest, invalid, KubeError } from './kube-error.js';
import { isJson, type Json, type KubeObject } from './object.js';
import { defaulted, faultsOf, pruned, type Schema } from './schema.js';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'object', additionalProperties: text };
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const metadata: Schema = {
  type: 'object',
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: { type: 'integer' },
    creationTimestamp: { ...text, nullable: true },
    deletionTimestamp: text,
    deletionGracePeriodSeconds: { type: 'integer' },
    labels: texts,
    annotations: texts,
    ownerReferences: { type: 'array', items: anything },
    finalizers: { type: 'array', items: text },
    managedFields: { type: 'array', items: anything },
  },
};

/** The JSON object in a body. Throws 400, in words of the API server. */
export function parsedObject({ text: body, place }: Ask): Json {
  try {
    const value: unknown = JSON.parse(body);
    if (isJson(value)) return value;
    throw new SyntaxError('json: cannot unmarshal it into an object');
  } catch (error) {
    const why = `couldn't get version/kind; json parse error: ${(error as Error).message}`;
    throw badRequest(unrecognized(place.kind, why, body));
  }
}

/** The JSON object of a merge patch. Throws 400. */
export function parsedPatch({ text: body }: Ask): Json {
  try {
    const value: unknown = JSON.parse(body);
    if (isJson(value)) return value;
    throw new SyntaxError('json: cannot unmarshal it into an object');
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

const unrecognized = ({ kind }: Kind, why: string, body: string): string =>
  `the object provided is unrecognized (must be of type ${kind}): ${why} (${body.slice(0, 100) || '<empty>'})`;

/**
 * The object of a body, without fields its version does not have. Throws 400 for what is no such object, and for
 * unknown fields when they are refused (`fieldValidation=Strict`): 422 when a patch brought them.
 */
export function decoded(ask: Ask, sent: Json): KubeObject {
  const { kind, version, namespace, name } = ask.place;
  checkIdentity(sent, kind, version);
  const unknown: string[] = [];
  const known = pruned(sent, schemaOf(kind, version), '', unknown) as KubeObject;
  reportUnknown(ask, sent, unknown);
  const own = isJson(known.metadata) ? known.metadata : ({} as KubeObject['metadata']);
  if (name !== undefined && own.name !== undefined && own.name !== name)
    throw badRequest(
      `the name of the object (${own.name}) does not match the name on the URL (${name})`,
    );
  if (namespace !== undefined && (own.namespace ?? namespace) !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  const place = {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
  };
  return { ...known, metadata: { ...own, ...place } };
}

/** The object with the defaults of its version. Throws 422 for fields of the wrong shape. */
export function validated({ place: { kind, version } }: Ask, sent: KubeObject): KubeObject {
  const schema = schemaOf(kind, version);
  const object = defaulted(sent, schema) as KubeObject;
  const causes = faultsOf(object, schema, '');
  causes.sort((a, b) => (a.field < b.field ? -1 : 1));
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
  return object;
}

function checkIdentity(sent: Json, kind: Kind, version: string): void {
  const body = JSON.stringify(sent);
  if (sent['kind'] === undefined)
    throw badRequest(unrecognized(kind, `Object 'Kind' is missing in '${body}'`, body));
  const expected = apiVersionOf(kind, version);
  if (sent['apiVersion'] !== expected)
    throw badRequest(
      `the API version in the data (${sent['apiVersion']}) does not match the expected API version (${expected})`,
    );
  if (sent['kind'] === kind.kind) return;
  if (kind.fields) {
    const [ours, theirs] = [kind.kind, String(sent['kind'])];
    const space = kind.group === '' ? 'core' : kind.group;
    throw badRequest(
      `${theirs} in version "${version}" cannot be handled as a ${ours}: converting (${version}.${theirs}) to (${space}.${ours}): unknown conversion`,
    );
  }
  const message = `Invalid value: "${sent['kind']}": must be ${kind.kind}`;
  const name = isJson(sent['metadata']) ? String(sent['metadata']['name'] ?? '') : '';
  throw invalid({ ...kind, kind: String(sent['kind']) }, name, [
    { reason: 'FieldValueInvalid', field: 'kind', message },
  ]);
}

function reportUnknown(
  { query, place, warnings, verb }: Ask,
  sent: Json,
  unknown: readonly string[],
): void {
  const mode = query.get('fieldValidation') || 'Warn';
  const texts = unknown.map((path) => `unknown field "${path}"`);
  if (mode === 'Warn') warnings.push(...texts);
  if (mode !== 'Strict' || texts.length === 0) return;
  const why = `strict decoding error: ${texts.join(', ')}`;
  if (verb !== 'patch') {
    const { kind, version } = place;
    throw badRequest(
      `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`,
    );
  }
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(sent))}: ${why}`;
  throw new KubeError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
}

const schemas = new WeakMap<object, Schema>();

function schemaOf(kind: Kind, version: string): Schema {
  const found = kind.versions.find(({ name }) => name === version);
  if (!found) throw new Error(`${kind.kind} is not served as ${version}.`);
  const known = schemas.get(found);
  if (known) return known;
  const base = withMetadata(found.schema ?? builtIn(kind));
  const schema = { ...base, properties: { ...base.properties, metadata } };
  schemas.set(found, schema);
  return schema;
}

/** Of kinds that are built in only the names of top-level fields are checked. */
const builtIn = ({ fields = [] }: Kind): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    fields.map((field) => [field, { 'x-kubernetes-preserve-unknown-fields': true }]),
  ),
});
