import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTargets } from './book.js';
import { credentialsOf } from './credentials.js';
import { savePassword } from './save-password.js';

/** A target in a directory of its own. */
async function target(name = 'nsx-prod') {
  const home = mkdtempSync(join(tmpdir(), 'save-'));
  const book = await openTargets({ product: 'nsx-security', home, env: {} });
  await book.add({ name, host: 'x' });
  const made = book.find(name);
  return { made, file: join(made.directory, '.env') };
}

test.each([
  'plain',
  `it's "quoted"`,
  'all `three` "kinds" of \'quotes\'',
  '#hash and = and spaces ',
  'back\\nslash "and" a \'quote\'',
  'dollar $HOME',
  'b64:cGxhaW4=',
  'exec:rm -rf /',
  'pässwörd 密码 🔑',
])('the password %j is read back as it was typed', async (password) => {
  const { made, file } = await target();
  expect(savePassword(made, password)).toBe('VMWARE_NSX_SECURITY_NSX_PROD_PASSWORD');
  expect(await credentialsOf(made, {})).toEqual({ username: 'admin', password });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that is there keeps every line, and the password typed last counts', async () => {
  const { made, file } = await target();
  writeFileSync(file, '# mine\nOTHER=1', { mode: 0o600 });
  savePassword(made, 'first');
  savePassword(made, 'second');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain("# mine\nOTHER=1\nVMWARE_NSX_SECURITY_NSX_PROD_PASSWORD='first'\n");
  expect(await credentialsOf(made, {})).toMatchObject({ password: 'second' });
});

test('a file that others can read is refused and not written to', async () => {
  const { made, file } = await target();
  writeFileSync(file, 'OTHER=1\n');
  chmodSync(file, 0o640);
  expect(() => savePassword(made, 'secret')).toThrow(
    expect.objectContaining({
      code: 'ENV_FILE_EXPOSED',
      remedy: expect.stringContaining('chmod 600'),
    }),
  );
  expect(readFileSync(file, 'utf8')).toBe('OTHER=1\n');
});
