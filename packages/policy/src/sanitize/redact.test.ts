import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { longText, secret } from '../tool.js';
import { isCredentialKey } from './credential-key.js';
import { redact, redactDeep } from './redact.js';
import { scrub } from './scrub.js';

const canary = 'hunter2-Zx9';

describe('redact', () => {
  const schema = z.object({
    name: z.string(),
    guest: z.object({ login: secret().optional() }).optional(),
    users: z.array(z.object({ pin: secret() })).optional(),
    env: z.record(z.string(), secret()).optional(),
    either: z.union([z.string(), z.object({ hidden: secret() })]).optional(),
    note: longText().optional(),
  });

  it('hides what the schema calls secret, wherever it is', () => {
    const input = {
      name: 'web',
      guest: { login: canary },
      users: [{ pin: canary }, { pin: canary }],
      env: { A: canary },
      either: { hidden: canary },
    };
    const seen = redact(input, schema);
    expect(JSON.stringify(seen)).not.toContain(canary);
    expect(seen).toMatchObject({ name: 'web' });
    expect(input.guest.login).toBe(canary);
  });

  it('hides secrets of recursive schemas', () => {
    const tree = z.object({
      pin: secret(),
      get child() {
        return tree.optional();
      },
    });
    const seen = redact({ pin: canary, child: { pin: canary, child: { pin: canary } } }, tree);
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it.each([
    'password',
    'vc_password',
    'API-Key',
    'accessToken',
    'kubeconfig',
    'guest-credentials',
    'sessionKey',
  ])('knows %s as the key of a credential', (key) => {
    expect(isCredentialKey(key)).toBe(true);
    expect(redactDeep({ deep: [{ [key]: { any: canary } }] })).toEqual({
      deep: [{ [key]: '***' }],
    });
  });

  it.each(['token_count', 'service_key', 'passwords_checked', 'author', 'tokens', 'secretary'])(
    'leaves %s alone',
    (key) => expect(redactDeep({ [key]: 'kept' })).toEqual({ [key]: 'kept' }),
  );

  it('leaves flags and nulls under such keys', () => {
    expect(redactDeep({ auth: true, token: null, password: '' })).toEqual({
      auth: true,
      token: null,
      password: '',
    });
  });
});

describe('scrub', () => {
  it.each([
    `Authorization: Basic ${canary}`,
    `authorization=Bearer ${canary}`,
    `{"Authorization": "Bearer ${canary}"}`,
    `Proxy-Authorization: Negotiate ${canary}`,
    `sent Bearer ${canary}.x.y to it`,
    `Cookie: vmware_soap_session=${canary}; a=b`,
    `Set-Cookie: JSESSIONID=${canary}; Path=/`,
    `vmware-api-session-id: ${canary}`,
    `x-xsrf-token: ${canary}`,
    `https://admin:${canary}@vc.local/sdk`,
    `https://user@corp.com:${canary}@vc.local/sdk`,
    `https://admin:p@${canary}@vc.local/sdk`,
    `-----BEGIN RSA PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${canary}`,
    `{"password": "${canary}"}`,
    `{\\"password\\": \\"${canary}\\"}`,
    `{'vc_password': '${canary}'}`,
    `{"password":"a \\" b ${canary}"}`,
    `password=${canary}`,
    `password: ${canary}`,
    `Password:${canary}`,
    `VMWARE_VKS_PROD_PASSWORD=${canary}`,
    `passwd => ${canary}`,
    `pwd="${canary} with blanks"`,
    `password "${canary}"`,
    `token=${canary}&x=1`,
    `?access_token=${canary}`,
    `api_key: ${canary}`,
    `apiKey=${canary}`,
    `client_secret=${canary}`,
    `passphrase: ${canary}`,
    `curl -u admin:${canary} https://vc`,
    `curl --user admin:${canary} https://vc`,
    `curl --user='admin:${canary}' https://vc`,
    `sshpass -p ${canary} ssh root@esx`,
    `sshpass -p'${canary}' ssh root@esx`,
    `govc --password ${canary} about`,
    `tool --api-key ${canary}`,
    `machine vc login admin password ${canary}`,
    `auth=('admin', '${canary}')`,
    `<vim25:password>${canary}</vim25:password>`,
    `<password xsi:type="xsd:string">${canary}</password>`,
    `jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${canary}.${canary}`,
  ])('hides the credential in %s', (text) => {
    const seen = scrub(text);
    expect(seen).not.toContain(canary);
    expect(seen).toContain('***');
    expect(scrub(seen)).toBe(seen);
  });

  it.each([
    'password: not set',
    'password policy requires 15 characters',
    'password is required',
    'Invalid password.',
    'bearer token is missing',
    'Basic authentication is off',
    'token: expired',
    'token_count=5',
    'tokens: 500',
    'https://vc.local:443/sdk?vm=web',
    'see https://vc.local/ui and mail admin@corp.com',
    'The secretary: Ann',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'user name or password incorrect',
  ])('leaves %s as it is', (text) => expect(scrub(text)).toBe(text));

  // Quadratic time would need minutes for these and run into the timeout of the test.
  it.each([
    'password',
    'password:',
    'password="',
    'a_',
    '-----BEGIN PRIVATE KEY-----',
    'https://a:b',
    'a://',
    'bearer ',
    'bearer a',
    '<password ',
    '"',
    '\\"password\\": \\"\\',
    'login a ',
    'authorization: basic ',
    ' -u ',
    'eyJaaaaaaaaa.',
    'auth=(',
    'cookie:',
  ])('takes linear time for much of %s', (piece) => {
    expect(typeof scrub(piece.repeat(Math.ceil(400_000 / piece.length)))).toBe('string');
  });
});
