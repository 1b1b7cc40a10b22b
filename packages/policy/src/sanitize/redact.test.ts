import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { longText, secret } from '../tool.js';
import { isCredentialKey } from './credential-key.js';
import { redact, redactDeep } from './redact.js';

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

  it('hides what any alternative of a field calls secret, and leaves what none does', () => {
    const shapes: [z.ZodType, unknown, unknown][] = [
      [
        z.union([z.object({ a: secret() }), z.object({ a: z.string() })]),
        { a: canary },
        { a: '***' },
      ],
      [
        z.intersection(z.object({ a: secret() }), z.object({ b: z.string() })),
        { a: canary, b: 'b' },
        { a: '***', b: 'b' },
      ],
      [z.tuple([z.string(), secret()]), ['a', canary], ['a', '***']],
      [z.tuple([z.string()], secret()), ['a', canary, canary], ['a', '***', '***']],
      [z.array(secret()), [canary], ['***']],
      [
        z.record(z.string(), secret()),
        { toString: canary, b: canary },
        { toString: '***', b: '***' },
      ],
      [z.looseObject({ a: secret() }), { a: canary, b: 'b' }, { a: '***', b: 'b' }],
      [secret().optional(), canary, '***'],
      [z.nullable(secret()), null, null],
      [z.array(z.string()), ['a', 1, null], ['a', 1, null]],
      [z.object({}), { a: 'b' }, { a: 'b' }],
      [z.object({ a: secret().optional() }), { a: undefined }, { a: undefined }],
    ];
    for (const [field, value, seen] of shapes)
      expect(redact({ field: value }, z.object({ field }))).toEqual({ field: seen });
    expect(redact({}, z.object({}))).toEqual({});
  });

  it('scrubs texts and keys, keeps other values, and cuts what is too deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 7 : { a: nested(levels - 1) });
    expect(redactDeep([`password=${canary}`, 7, true, null, undefined])).toEqual([
      'password=***',
      7,
      true,
      null,
      undefined,
    ]);
    expect(redactDeep({ [`password=${canary}`]: 1, ['k'.repeat(65)]: 2 })).toEqual({
      'password=***': 1,
      ['k'.repeat(65)]: 2,
    });
    const listed = (levels: number): unknown => (levels === 0 ? 7 : [listed(levels - 1)]);
    expect(redactDeep(listed(64))).toEqual(listed(64));
    expect(JSON.stringify(redactDeep(listed(66)))).not.toContain('7');
    expect(redactDeep(nested(64))).toEqual(nested(64));
    expect(JSON.stringify(redactDeep(nested(66)))).toBe(
      `${'{"a":'.repeat(64)}"***"${'}'.repeat(64)}`,
    );
  });

  it('leaves flags and nulls under such keys', () => {
    const kept = { auth: true, token: null, password: '', secret: undefined };
    expect(Object.entries(redactDeep(kept) as object)).toEqual(Object.entries(kept));
  });
});
