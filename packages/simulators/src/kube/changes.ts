import type { Answer } from './answer.js';
import type { Ask } from './api.js';
import { shownAs, storedFrom } from './convert.js';
import { decoded, parsedObject, parsedPatch, validated } from './decode.js';
import {
  alreadyExists,
  conflict,
  forbidden,
  invalid,
  KubeError,
  modified,
  notFound,
  qualified,
} from './kube-error.js';
import { isJson, type Json, type KubeObject } from './object.js';
import { newName } from './object-name.js';
import { isDryRun, mustBe } from './options.js';
import { stamp } from './store.js';

/** Creates the object in the body. */
export function createObject(ask: Ask): Answer {
  const { api, place, caller, warnings } = ask;
  const { kind, version } = place;
  mustBe('application/json', ask);
  const dry = isDryRun(ask);
  const sent = decoded(ask, parsedObject(ask));
  mustHaveNamespace(ask, sent);
  if (sent.metadata.resourceVersion)
    throw new KubeError(500, '', 'resourceVersion should not be set on objects to be created');
  const name = newName(sent, kind);
  const body = validated(ask, sent);
  const { uid: _, creationTimestamp: __, generation: ___, ...metadata } = body.metadata;
  const { deletionTimestamp: ____, ...own } = metadata;
  const { status, ...rest } = body;
  const object: KubeObject = {
    ...rest,
    apiVersion: body.apiVersion,
    kind: body.kind,
    ...(status !== undefined && !kind.subresources.includes('status') && { status }),
    metadata: { ...own, name },
  };
  const stored = managedBy(ask, storedFrom(object, kind, version));
  const after = api.admit({ kind, before: undefined, after: stored, caller, warnings });
  if (api.store.get(kind, place.namespace, name)) throw alreadyExists(kind, name);
  const kept = dry ? api.store.asAdded(after) : api.store.add(kind, after);
  return { status: 201, body: shownAs(kept, kind, version) };
}

/** Replaces an object by the one in the body. */
export function updateObject(ask: Ask): Answer {
  const before = existing(ask);
  mustBe('application/json', ask);
  const dry = isDryRun(ask);
  const body = validated(ask, decoded(ask, parsedObject(ask)));
  const { kind } = ask.place;
  const { name, uid } = before.metadata;
  if (!body.metadata.resourceVersion && !kind.fields) {
    const field = 'metadata.resourceVersion';
    const message = 'Invalid value: 0: must be specified for an update';
    const { message: text, details } = invalid(kind, name, [
      { reason: 'FieldValueInvalid', field, message },
    ]);
    // Here the real one puts the resource where the kind belongs.
    const said = text.replace(/^\S+/, qualified(kind));
    throw new KubeError(422, 'Invalid', said, { ...details, kind: kind.plural });
  }
  if (body.metadata.uid && body.metadata.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${body.metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, name, why);
  }
  return changed(ask, before, body, dry);
}

/** Merges the body into an object (RFC 7386). */
export function patchObject(ask: Ask): Answer {
  const before = existing(ask);
  mustBe('application/merge-patch+json', ask);
  const dry = isDryRun(ask);
  const { kind, version } = ask.place;
  const patch = parsedPatch(ask);
  const merge = merged(shownAs(before, kind, version), patch);
  const body = validated(ask, decoded(ask, isJson(merge) ? merge : {}));
  const { name, uid } = before.metadata;
  if (body.metadata.uid !== uid) {
    const message = `Invalid value: "${body.metadata.uid ?? ''}": field is immutable`;
    throw invalid(kind, name, [{ reason: 'FieldValueInvalid', field: 'metadata.uid', message }]);
  }
  return changed(ask, before, body, dry);
}

function changed(ask: Ask, before: KubeObject, body: KubeObject, dry: boolean): Answer {
  const { api, place, caller, warnings } = ask;
  const { kind, version, subresource } = place;
  const { resourceVersion } = before.metadata;
  if (body.metadata.resourceVersion && body.metadata.resourceVersion !== resourceVersion)
    throw conflict(kind, before.metadata.name, modified);
  const sent = storedFrom(body, kind, version);
  const wanted =
    subresource === 'status'
      ? { ...before, status: sent['status'] }
      : kind.subresources.includes('status')
        ? withStatus(sent, before['status'])
        : sent;
  const object: KubeObject = { ...wanted, metadata: keptMetadata(before, wanted.metadata) };
  const after = subresource ? object : api.admit({ kind, before, after: object, caller, warnings });
  if (dry)
    return { status: 200, body: shownAs(api.store.asReplaced(before, after), kind, version) };
  const { deletionTimestamp, finalizers = [] } = after.metadata;
  const kept = api.store.replace(kind, after);
  if (deletionTimestamp && finalizers.length === 0) api.store.remove(kind, kept);
  return { status: 200, body: shownAs(kept, kind, version) };
}

const withStatus = ({ status: _, ...object }: KubeObject, status: unknown) => ({
  ...object,
  ...(status !== undefined && { status }),
});

/** What a client cannot change of an object's metadata stays. */
function keptMetadata(before: KubeObject, sent: KubeObject['metadata']): KubeObject['metadata'] {
  const { deletionTimestamp, deletionGracePeriodSeconds, managedFields, ...own } = sent;
  const fixed: Record<string, unknown> = {};
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields'])
    if (before.metadata[field] !== undefined) fixed[field] = before.metadata[field];
  return { ...own, ...fixed };
}

/** The object that a request names. Throws 404. */
export function existing({ api, place }: Ask): KubeObject {
  const { kind, namespace, name = '' } = place;
  const object = api.store.get(kind, namespace, name);
  if (!object) throw notFound(kind, name);
  return object;
}

/** Throws 404 without the namespace, 403 while it is being deleted. */
function mustHaveNamespace({ api, place: { kind, namespace } }: Ask, sent: KubeObject): void {
  if (namespace === undefined) return;
  const namespaces = api.kinds.named('namespaces');
  const home = api.store.get(namespaces, undefined, namespace);
  if (!home) throw notFound(namespaces, namespace);
  if (!home.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(kind, sent.metadata.name, why);
}

function managedBy({ api, query, agent, place }: Ask, object: KubeObject): KubeObject {
  const entry = {
    manager: query.get('fieldManager') || agent,
    operation: 'Update',
    apiVersion: `${place.kind.group ? `${place.kind.group}/` : ''}${place.version}`,
    time: stamp(api.clock.now()),
    fieldsType: 'FieldsV1',
    fieldsV1: {},
  };
  return { ...object, metadata: { ...object.metadata, managedFields: [entry] } };
}

/** A JSON merge patch: null removes, objects merge, everything else replaces. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const result: Record<string, unknown> = isJson(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch as Json)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}
