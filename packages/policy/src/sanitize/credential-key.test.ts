import { expect, test } from 'vitest';
import { isCredentialKey } from './credential-key.js';

test.each([
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
])('%s is the key of a credential, alone and as the end of a longer one', (key) => {
  const camel = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  for (const one of [key, key.toUpperCase(), key.replaceAll('_', '-'), camel])
    expect([one, isCredentialKey(one)]).toEqual([one, true]);
  for (const one of [
    `vc_${key}`,
    `a_b_${key}`,
    `vc-${key}`,
    `x9${camel[0]?.toUpperCase()}${camel.slice(1)}`,
  ])
    expect([one, isCredentialKey(one)]).toEqual([one, true]);
  for (const one of [`${key}_x`, `${key}s_`])
    expect([one, isCredentialKey(one)]).toEqual([one, false]);
});

test.each(['', '_', 'id', 'session', 'key', 'name', 'a_', '_a', 'xtoken', 'vc_xtoken'])(
  '%j is no such key',
  (key) => expect(isCredentialKey(key)).toBe(false),
);
