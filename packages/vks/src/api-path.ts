import { rawTarget } from '@vmware/clients/http';

/** A path of this API as somebody typed it. Its session is the client's own business. Throws INVALID_INPUT. */
export const apiPath = (typed: string): string =>
  rawTarget(typed, { roots: ['/api/'], withheld: ['/api/session'] });
