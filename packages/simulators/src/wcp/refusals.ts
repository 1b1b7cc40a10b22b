import { VapiError } from '../rest/vapi-error.js';

const refusal =
  (status: number, type: string) =>
  (message: string, ...args: string[]): VapiError =>
    new VapiError(status, type, `com.vmware.wcp.${type.toLowerCase()}`, message, args);

export const invalidArgument = refusal(400, 'INVALID_ARGUMENT');
export const alreadyExists = refusal(400, 'ALREADY_EXISTS');
export const notAllowed = refusal(400, 'NOT_ALLOWED_IN_CURRENT_STATE');
export const unsupported = refusal(400, 'UNSUPPORTED');
export const unauthorized = refusal(403, 'UNAUTHORIZED');
export const notFound = refusal(404, 'NOT_FOUND');
