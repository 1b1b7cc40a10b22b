import type { Answer } from './answer.js';
import type { Ask } from './api.js';
import { existing } from './changes.js';
import { shownAs } from './convert.js';
import type { Kind } from './kinds.js';
import { badRequest, unmet } from './kube-error.js';
import { isJson, type Json, type KubeObject } from './object.js';
import { checkPropagation, isDryRun } from './options.js';
import { stamp } from './store.js';

/** Deletes an object, or marks it for deletion while it has finalizers. */
export function deleteObject(ask: Ask): Answer {
  const { api, place } = ask;
  const { kind, version } = place;
  const before = existing(ask);
  const options = optionsIn(ask);
  // Where there is a body the real server reads its options from there alone, and not from the query.
  const query = ask.text.trim() === '' ? ask.query : new URLSearchParams();
  const dry = isDryRun({ ...ask, query }, options['dryRun']);
  const policy = options['propagationPolicy'] ?? query.get('propagationPolicy');
  checkPropagation(policy);
  checkPreconditions(kind, before, options['preconditions']);
  api.admitDelete?.(kind, before);
  const { name, uid, finalizers = [] } = before.metadata;
  const kept = policy === 'Foreground' ? ['foregroundDeletion'] : [];
  if (finalizers.length > 0) {
    const marked = markedForDeletion(
      before,
      [...new Set([...finalizers, ...kept])],
      api.clock.now(),
    );
    const next = dry ? api.store.asReplaced(before, marked) : api.store.replace(kind, marked);
    return { status: 200, body: shownAs(next, kind, version) };
  }
  // The garbage collector would take a lone foreground finalizer off at once.
  if (!dry) api.store.remove(kind, before);
  const details = { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid };
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { status: 200, body };
}

function markedForDeletion(
  object: KubeObject,
  finalizers: readonly string[],
  now: Date,
): KubeObject {
  const { deletionTimestamp = stamp(now) } = object.metadata;
  const deletion = { deletionTimestamp, deletionGracePeriodSeconds: 0 };
  return { ...object, metadata: { ...object.metadata, ...deletion, finalizers } };
}

function optionsIn({ text }: Ask): Json {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value) && (value['kind'] ?? 'DeleteOptions') === 'DeleteOptions') return value;
    throw new SyntaxError('it is no DeleteOptions');
  } catch (error) {
    throw badRequest(`the options of the delete cannot be read: ${(error as Error).message}`);
  }
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, wanted: unknown): void {
  const { name, uid, resourceVersion } = metadata;
  const preconditions = isJson(wanted) ? wanted : {};
  const wantedUid = preconditions['uid'];
  if (wantedUid !== undefined && wantedUid !== uid)
    throw unmet(
      kind,
      name,
      `the UID in the precondition (${wantedUid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  const version = preconditions['resourceVersion'];
  if (version !== undefined && version !== resourceVersion)
    throw unmet(
      kind,
      name,
      `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
}
