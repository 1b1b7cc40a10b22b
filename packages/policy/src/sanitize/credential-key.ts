/** Keys whose value is a credential. `-` and `_` are the same, and each counts as a `_` tail: `vc_password`. */
const credentialKeys: ReadonlySet<string> = new Set([
  'access_token',
  'api_key',
  'apikey',
  'auth',
  'auth_token',
  'authorization',
  'bearer',
  'bearer_token',
  'client_key_data',
  'client_secret',
  'credential',
  'credentials',
  'kubeconfig',
  'passwd',
  'password',
  'private_key',
  'pwd',
  'refresh_token',
  'secret',
  'session_id',
  'session_key',
  'session_token',
  'sessionkey',
  'token',
]);

/** The words that give a credential away in free text, as regular expression sources. */
export const credentialWords: readonly string[] = [
  'pass(?:word|wd|phrase)',
  'pwd',
  'secret',
  'token',
  'api[_-]?key',
  'private[_-]?key',
  'session[_-]?key',
  'session[_-]?id',
  'client[_-]?key[_-]?data',
];

/** Whether the value under this key is a credential: `vc-password`, `accessToken`; not `token_count`. */
export function isCredentialKey(key: string): boolean {
  const snake = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  if (credentialKeys.has(snake)) return true;
  for (let at = snake.indexOf('_'); at >= 0; at = snake.indexOf('_', at + 1))
    if (credentialKeys.has(snake.slice(at + 1))) return true;
  return false;
}
