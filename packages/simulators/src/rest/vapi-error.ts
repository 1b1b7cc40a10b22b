import type { Style } from './routes.js';

interface Message {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
}

/** An error as vAPI answers it: HTTP status, type, and messages. */
export class VapiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly id: string;
  readonly args: readonly string[];

  constructor(
    status: number,
    type: string,
    id: string,
    message: string,
    args: readonly string[] = [],
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.id = id;
    this.args = args;
  }

  /** The body: `{error_type, messages}` under /api; the older forms under /rest, a route that is missing on its own. */
  body(style: Style): object {
    const { id, type, args, message, status } = this;
    const messages: Message[] = [{ args, default_message: message, id }];
    if (style === 'api') return { error_type: type, messages };
    if (id === missingRoute)
      return {
        name: id,
        localizableMessages: [{ defaultMessage: message, id }],
        majorErrorCode: status,
      };
    return { type: `com.vmware.vapi.std.errors.${type.toLowerCase()}`, value: { messages } };
  }
}

const missingRoute = 'com.vmware.vapi.rest.httpNotFound';

export const noSuchRoute = () => new VapiError(404, 'NOT_FOUND', missingRoute, 'Not found.');

export const unauthenticated = () =>
  new VapiError(
    401,
    'UNAUTHENTICATED',
    'com.vmware.vapi.endpoint.method.authentication.required',
    'Authentication required.',
  );

export const unauthorized = () =>
  new VapiError(
    403,
    'UNAUTHORIZED',
    'vapi.security.authorization.invalid',
    'Unable to authorize user',
  );

export const noSuchObject = (id: string) =>
  new VapiError(
    404,
    'NOT_FOUND',
    'cis.tagging.objectNotFound.error',
    `Tagging object ${id} not found`,
    [id],
  );

export const badRequest = (message: string) =>
  new VapiError(400, 'INVALID_ARGUMENT', 'com.vmware.vapi.rest.badRequest', message);
