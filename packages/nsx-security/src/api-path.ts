import { rawTarget } from '@vmware/clients/http';

/** A path of this API as somebody typed it. Its session is the client's own business. Throws INVALID_INPUT. */
export const apiPath = (typed: string): string =>
  rawTarget(typed, {
    roots: ['/policy/api/v1/', '/api/v1/', '/global-manager/api/v1/'],
    withheld: ['/api/session', '/api/v1/reverse-proxy'],
  });
