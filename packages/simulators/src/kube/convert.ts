import { conversions } from './conversions.js';
import { apiVersionOf, type Kind } from './kinds.js';
import type { KubeObject } from './object.js';
import { pruned, type Schema } from './schema.js';

const converted = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** A stored object as one of its versions shows it. */
export function shownAs(object: KubeObject, kind: Kind, version: string): KubeObject {
  if (version === kind.stored) return object;
  const known = converted.get(object) ?? new Map<string, KubeObject>();
  converted.set(object, known);
  const found = known.get(version);
  if (found) return found;
  const apiVersion = apiVersionOf(kind, version);
  const down = conversions[kind.kind]?.[version]?.down;
  const shown = fitting({ ...(down ? down(object) : object), apiVersion }, kind, version);
  known.set(version, shown);
  return shown;
}

/** An object of one of its versions as it is stored. */
export function storedFrom(object: KubeObject, kind: Kind, version: string): KubeObject {
  if (version === kind.stored) return object;
  const up = conversions[kind.kind]?.[version]?.up;
  const apiVersion = apiVersionOf(kind, kind.stored);
  return { ...(up ? up(object) : object), apiVersion };
}

/** The object without what its version does not know. */
function fitting(object: KubeObject, kind: Kind, version: string): KubeObject {
  const schema = kind.versions.find(({ name }) => name === version)?.schema;
  return schema ? (pruned(object, withMetadata(schema)) as KubeObject) : object;
}

const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const text: Schema = { type: 'string' };
const opened = new WeakMap<Schema, Schema>();

/** A kind's schema with what every object has; metadata is checked elsewhere. */
export function withMetadata(schema: Schema): Schema {
  const known = opened.get(schema);
  if (known) return known;
  const open = {
    ...schema,
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata: anything },
  };
  opened.set(schema, open);
  return open;
}
