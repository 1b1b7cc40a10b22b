import type { Kind } from './kinds.js';
import type { Json } from './object.js';

/** One field that is wrong, as in `details.causes`. */
export interface Cause {
  readonly reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueDuplicate'
    | 'InternalError';
  readonly message: string;
  readonly field: string;
}

/** A refusal as kube-apiserver sends it: an object of kind Status. */
export class KubeError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Json | undefined;

  constructor(code: number, reason: string, message: string, details?: Json) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  get status(): Json {
    const { code, reason, message, details } = this;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    };
  }
}

/** `clusters.cluster.x-k8s.io`, or `pods` of the core group. */
export const qualified = ({ group, plural }: Kind): string =>
  group === '' ? plural : `${plural}.${group}`;

const detailsOf = ({ group, plural }: Kind, name?: string): Json => ({
  ...(name && { name }),
  ...(group !== '' && { group }),
  kind: plural,
});

/** What an API server says of a path that none of its handlers takes, outside the groups of custom resources. */
export const noSuchResource = (): KubeError =>
  new KubeError(404, 'NotFound', 'the server could not find the requested resource', {});

export const notFound = (kind: Kind, name: string): KubeError =>
  new KubeError(404, 'NotFound', `${qualified(kind)} "${name}" not found`, detailsOf(kind, name));

export const alreadyExists = (kind: Kind, name: string): KubeError =>
  new KubeError(
    409,
    'AlreadyExists',
    `${qualified(kind)} "${name}" already exists`,
    detailsOf(kind, name),
  );

export const modified =
  'the object has been modified; please apply your changes to the latest version and try again';

export const conflict = (kind: Kind, name: string, why: string): KubeError =>
  new KubeError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`,
    detailsOf(kind, name),
  );

/** The same of a precondition of a delete, where the kind stands for the resource. */
export const unmet = (kind: Kind, name: string, why: string): KubeError => {
  const { group, kind: word } = kind;
  const full = group === '' ? word : `${word}.${group}`;
  const details = { name, ...(group !== '' && { group }), kind: word };
  return new KubeError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${full} "${name}": ${why}`,
    details,
  );
};

export const forbidden = (kind: Kind, name: string | undefined, why: string): KubeError =>
  new KubeError(
    403,
    'Forbidden',
    `${qualified(kind)}${name ? ` "${name}"` : ''} is forbidden: ${why}`,
    detailsOf(kind, name),
  );

export const badRequest = (message: string): KubeError => new KubeError(400, 'BadRequest', message);

export const unauthorized = (): KubeError => new KubeError(401, 'Unauthorized', 'Unauthorized');

/** What was asked for is older than what is remembered. */
export const expired = (message: string): KubeError => new KubeError(410, 'Expired', message);

export function invalid(kind: Kind, name: string, causes: readonly Cause[]): KubeError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualifiedKind = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return new KubeError(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${all}`, {
    ...(name && { name }),
    ...(kind.group !== '' && { group: kind.group }),
    kind: kind.kind,
    causes,
  });
}
