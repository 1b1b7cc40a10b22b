import { expect, test } from 'vitest';
import { ApiError } from './errors.js';
import { hushed, keepSecret, keepSecretHeaders } from './secrets.js';

test('no error repeats a secret in use, in whatever form a server said it back', () => {
  const secret = 'pä"ss & <w>ord';
  keepSecret(secret);
  for (const form of [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ]) {
    const error = new ApiError('X', `Not ${form}!`, { remedy: 'x', details: { deep: [{ form }] } });
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain(form);
    expect(error.message).toMatch(/^Not .*\*\*\*.*!$/);
  }
});

test('what a request shows to be let in is a secret; its other headers are not', () => {
  keepSecretHeaders({
    authorization: 'Bearer abc.def.ghi',
    cookie: 'vmware_soap_session="0123456789"',
    accept: 'application/json',
  });
  expect(hushed('abc.def.ghi 0123456789 application/json')).toBe('*** *** application/json');
});

test('a word of four letters is no secret that could be told from other words', () => {
  keepSecret('host');
  expect(hushed('the host')).toBe('the host');
});
