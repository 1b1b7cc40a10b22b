export { configPath, type OpenTargets, openTargets, type TargetBook } from './book.js';
export { type Credentials, credentialsOf } from './credentials.js';
export { readEnvFile } from './env-file.js';
export type { Environment } from './environment.js';
export { TargetError } from './errors.js';
export { savePassword } from './save-password.js';
export { authenticationOf, type TargetConfig, type TargetEntry } from './target.js';
