export { changeError } from './change-error.js';
export { changeInText, type PlainChange, textOfChange } from './change-text.js';
export type { Endpoint } from './endpoint.js';
export { ApiError, type ApiErrorOptions } from './errors.js';
export { LoginCircuit, resetLogin } from './login-circuit.js';
export { type RawTargets, rawTarget } from './raw-target.js';
export { type RetryOptions, retryAfter, retrying } from './retry.js';
export { type Door, Session, SessionLost } from './session.js';
export { type Certificate, connectTls, fetchCertificate } from './tls.js';
export {
  openTransport,
  type Request,
  type Response,
  type Transport,
  type TransportOptions,
  textOf,
} from './transport.js';
