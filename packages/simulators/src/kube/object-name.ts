import type { Kind } from './kinds.js';
import { invalid } from './kube-error.js';
import { type KubeObject, textAt } from './object.js';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const rule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** The name that an object is created under. Throws 422. */
export function newName({ metadata }: KubeObject, kind: Kind): string {
  const prefix = textAt(metadata, 'generateName');
  const random = () => letters[Math.floor(Math.random() * letters.length)];
  const name = metadata.name || (prefix && prefix + Array.from({ length: 5 }, random).join(''));
  const field = 'metadata.name';
  if (!name) {
    const message = 'Required value: name or generateName is required';
    throw invalid(kind, '', [{ reason: 'FieldValueRequired', field, message }]);
  }
  if (subdomain.test(name) && name.length <= 253) return name;
  const why = name.length > 253 ? 'must be no more than 253 characters' : rule;
  const message = `Invalid value: "${name}": ${why}`;
  throw invalid(kind, name, [{ reason: 'FieldValueInvalid', field, message }]);
}
