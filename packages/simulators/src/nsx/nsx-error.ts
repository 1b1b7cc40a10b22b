const names: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** What went wrong in one of several places of a request. */
export interface Related {
  readonly error_code: number;
  readonly module_name: string;
  readonly error_message: string;
}

/** A refusal as NSX answers it: HTTP status, a code of its own (a string where a log-in was refused), a message. */
export class NsxError extends Error {
  readonly status: number;
  readonly code: number | string;
  readonly module: string;
  readonly related: readonly Related[];

  constructor(
    status: number,
    code: number | string,
    message: string,
    module = 'policy',
    related: readonly Related[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.module = module;
    this.related = related;
  }

  /** The body of the answer. */
  get body(): object {
    return {
      httpStatus: names[this.status] ?? 'BAD_REQUEST',
      error_code: this.code,
      module_name: this.module,
      error_message: this.message,
      ...(this.related.length > 0 && { related_errors: this.related }),
    };
  }
}

const common = 'common-services';

export const noSuchRoute = (path: string) =>
  new NsxError(404, 404, `The requested URI: ${path} could not be found.`, common);

export const noSuchObject = (path: string) =>
  new NsxError(
    404,
    600,
    `The requested object : ${path} could not be found. Object identifiers are case sensitive.`,
    common,
  );

/** The request itself is malformed: its query, its path, or fields of its body. */
export const badRequest = (message: string) => new NsxError(400, 255, message, common);

export const badJson = (detail: string) =>
  new NsxError(400, 220, `The body of the request is not valid JSON: ${detail}`, common);

/** A path in a body that leads to no object, or to one that may not stand there. */
export const badPath = (path: string) => new NsxError(400, 500012, `The path=[${path}] is invalid`);

/** The request is well formed, and the firewall's rules forbid what it says. */
export const invalid = (message: string) => new NsxError(400, 500048, message);

export const forbidden = (message: string) => new NsxError(403, 289, message, common);

export const inUse = (path: string, users: readonly string[]) =>
  new NsxError(
    400,
    500030,
    `The object path=[${path}] cannot be deleted as either it has children or it is being referenced by other objects path=[${users.slice(0, 10).join(',')}].`,
    'policy',
    users.slice(0, 10).map((user) => ({
      error_code: 500030,
      module_name: 'policy',
      error_message: `Referenced by ${user}`,
    })),
  );
