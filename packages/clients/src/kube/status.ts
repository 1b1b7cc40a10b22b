import type { Fields } from './types.js';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A meta/v1 Status: what the API server itself says of a request. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** The object or resource it is about; empty for a route that is not there. */
  readonly name: string;
  readonly kind: string;
  readonly causes: readonly Cause[];
}

/** Undefined when the body is something else: text, or a page of something in between. */
export function statusIn(text: string): Status | undefined {
  try {
    return statusOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function statusOf(value: unknown): Status | undefined {
  const body = fieldsOf(value);
  if (body['kind'] !== 'Status') return undefined;
  const details = fieldsOf(body['details']);
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  return {
    code: typeof body['code'] === 'number' ? body['code'] : 0,
    reason: textOr(body['reason']),
    message: textOr(body['message']),
    name: textOr(details['name']),
    kind: textOr(details['kind']),
    causes: causes.map((each: unknown) => {
      const cause = fieldsOf(each);
      return {
        reason: textOr(cause['reason']),
        message: textOr(cause['message']),
        field: textOr(cause['field']),
      };
    }),
  };
}

/** The fields of an object, none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};

const textOr = (value: unknown) => (typeof value === 'string' ? value : '');
