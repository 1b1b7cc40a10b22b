import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ApiError } from './errors.js';
import { LoginCircuit, resetLogin } from './login-circuit.js';
import { Session, SessionLost } from './session.js';

const place = () => ({
  name: 'lab',
  product: 'vsphere',
  directory: mkdtempSync(join(tmpdir(), 'circuit-')),
});
const wrong = new ApiError('AUTH_FAILED', 'wrong password', { remedy: 'Correct it.' });

/** A door that counts. Sessions are numbered; only the newest is alive. */
function door({ refuses = false } = {}) {
  const counts = { logins: 0, logouts: 0 };
  return {
    counts,
    async login() {
      counts.logins++;
      await new Promise((done) => setTimeout(done, 2));
      if (refuses) throw wrong;
      return { number: counts.logins };
    },
    async logout() {
      counts.logouts++;
    },
  };
}

test('fifty readers that lose their session share one new login', async () => {
  const lab = door();
  const session = new Session(lab, new LoginCircuit(place()));
  await session.get();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      session.read(async ({ number }) => {
        if (number === 1) throw new SessionLost();
        return number;
      }),
    ),
  );
  expect(answers).toEqual(Array(50).fill(2));
  expect(lab.counts.logins).toBe(2);
});

test('a change whose session was lost is not repeated', async () => {
  const session = new Session(door(), new LoginCircuit(place()));
  let sent = 0;
  const change = session.change(async () => {
    sent++;
    throw new SessionLost();
  });
  await expect(change).rejects.toMatchObject({ code: 'SESSION_LOST', retryable: true });
  expect(sent).toBe(1);
});

test('a session that is lost twice in a row is reported, not retried for ever', async () => {
  const lab = door();
  const session = new Session(lab, new LoginCircuit(place()));
  const read = session.read(() => Promise.reject(new SessionLost()));
  await expect(read).rejects.toMatchObject({ code: 'SESSION_LOST' });
  expect(lab.counts.logins).toBe(2);
});

test('after a refused login nobody tries again for a minute, in this process or another', async () => {
  const lab = door({ refuses: true });
  const where = place();
  let now = 1_000_000;
  const session = new Session(lab, new LoginCircuit(where, () => now));
  const all = Array.from({ length: 10 }, () => session.get());
  for (const one of await Promise.allSettled(all))
    expect(one).toMatchObject({ reason: { code: 'AUTH_FAILED' } });
  await expect(session.get()).rejects.toMatchObject({
    code: 'LOGIN_PAUSED',
    remedy: expect.stringContaining('doctor --reset-login lab'),
    details: { seconds: 60 },
  });
  expect(lab.counts.logins).toBe(1);

  const [file = ''] = readdirSync(where.directory);
  expect(file).toBe('.login-lab.json');
  expect(statSync(join(where.directory, file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(join(where.directory, file), 'utf8'))).toEqual({
    count: 1,
    until: 1_060_000,
  });

  now += 61_000;
  await expect(session.get()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  await expect(session.get()).rejects.toMatchObject({ details: { seconds: 120 } });
  expect(lab.counts.logins).toBe(2);
});

test('another process is held back by the file alone, a broken file included', () => {
  const where = place();
  const now = Date.now();
  const file = join(where.directory, '.login-lab.json');
  writeFileSync(file, JSON.stringify({ count: 3, until: now + 240_000 }));
  expect(() => new LoginCircuit(where, () => now).check()).toThrow('240 s');
  writeFileSync(file, 'not json');
  expect(() => new LoginCircuit(where).check()).toThrow('No login to lab');
  resetLogin(where);
  expect(() => new LoginCircuit(where).check()).not.toThrow();
  expect(readdirSync(where.directory)).toEqual([]);
});

test('a clock that was set back by years makes no pause longer than fifteen minutes', () => {
  const where = place();
  let now = Date.now();
  const circuit = new LoginCircuit(where, () => now);
  circuit.refused();
  now -= 6 * 365 * 86_400_000;
  expect(() => circuit.check()).toThrow('900 s');
  now += 600_000;
  expect(() => new LoginCircuit(where, () => now).check()).toThrow('300 s');
  now += 301_000;
  expect(() => circuit.check()).not.toThrow();
});

test('a reset by another process counts here at once, and no file is needed to remember', () => {
  const where = place();
  const circuit = new LoginCircuit(where);
  circuit.refused();
  expect(() => circuit.check()).toThrow('No login to lab');
  rmSync(join(where.directory, '.login-lab.json'));
  expect(() => circuit.check()).not.toThrow();

  const file = join(where.directory, 'a file');
  writeFileSync(file, '');
  const homeless = new LoginCircuit({ ...where, directory: file });
  homeless.refused();
  expect(() => homeless.check()).toThrow('No login to lab');
});

test('pauses grow to fifteen minutes and end with a success', () => {
  const where = place();
  let now = 0;
  const circuit = new LoginCircuit(where, () => now);
  const pauses = Array.from({ length: 6 }, () => {
    const seconds = circuit.refused();
    now += seconds * 1000;
    return seconds;
  });
  expect(pauses).toEqual([60, 120, 240, 480, 900, 900]);
  circuit.accepted();
  expect(circuit.refused()).toBe(60);
});

test('closing logs out, once, and waits for a login that is under way', async () => {
  const lab = door();
  const session = new Session(lab, new LoginCircuit(place()));
  const opening = session.get();
  await session.close();
  await session.close();
  await opening;
  expect(lab.counts).toEqual({ logins: 1, logouts: 1 });
  await expect(session.get()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
});
