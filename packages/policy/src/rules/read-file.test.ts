import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RulesUnavailable } from './problem.js';
import { readRulesFile, stampOf } from './read-file.js';

const limit = 256 * 1024;

function place(text?: string | Buffer, mode = 0o600) {
  const path = join(mkdtempSync(join(tmpdir(), 'read-file-')), 'rules.yaml');
  if (text !== undefined) {
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  return path;
}

/** What is wrong and what to do about it. */
async function refusal(work: () => unknown): Promise<[string, string]> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RulesUnavailable)) throw error;
    expect(error.where).toBe('rules.yaml');
    return [error.message, error.remedy];
  }
  throw new Error('It was read.');
}

describe('a file that can be read', () => {
  test.each<[string, string | Buffer, number]>([
    ['of a few bytes', 'deny: []\n', 0o600],
    ['of none', '', 0o600],
    ['of what is no text', Buffer.from([0, 255]), 0o600],
    ['of as many bytes as there may be', Buffer.alloc(limit, '#'), 0o600],
    ['that others may read', 'deny: []\n', 0o644],
    ['that others may run', 'deny: []\n', 0o755],
  ])('%s is read with its stamp and the time of its last change', async (_, text, mode) => {
    const path = place(text, mode);
    const { ctimeMs } = statSync(path);
    const read = await readRulesFile(path);
    expect(read?.bytes.equals(Buffer.from(text as string))).toBe(true);
    expect(read?.stamp).toBe(stampOf(path));
    expect(read?.changedAt).toBe(Math.trunc(ctimeMs));
  });

  test('was changed last when its own time says so, if that is later', async () => {
    const path = place('x');
    const future = new Date('2037-01-01T00:00:00Z');
    utimesSync(path, future, future);
    expect((await readRulesFile(path))?.changedAt).toBe(future.getTime());
    const past = new Date('1999-01-01T00:00:00Z');
    utimesSync(path, past, past);
    expect((await readRulesFile(path))?.changedAt).toBe(Math.trunc(statSync(path).ctimeMs));
  });

  test('may be reached by a link', async () => {
    const path = place('x');
    const link = join(mkdtempSync(join(tmpdir(), 'read-file-')), 'rules.yaml');
    symlinkSync(path, link);
    expect((await readRulesFile(link))?.bytes.toString()).toBe('x');
    expect(stampOf(link)).toBe(stampOf(path));
  });
});

describe('a stamp', () => {
  test('says which file it is, its size and its times', () => {
    const path = place('abc');
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    expect(stampOf(path)).toBe(`${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`);
  });

  test('stays while nothing happens, and is another one for another file of that name', () => {
    const path = place('abc');
    const before = stampOf(path);
    expect(stampOf(path)).toBe(before);
    renameSync(place('abc'), path);
    expect(stampOf(path)).not.toBe(before);
  });
});

describe('a file that is not there', () => {
  test.each<[string, (path: string) => void]>([
    ['at all', () => undefined],
    ['where a link leads', (path) => symlinkSync(`${path}.gone`, path)],
  ])('%s has no stamp and no bytes', async (_, make) => {
    const path = place();
    make(path);
    expect(stampOf(path)).toBeUndefined();
    expect(await readRulesFile(path)).toBeUndefined();
  });
});

describe('a file that changes while it is read', () => {
  /** Reads it while something happens to it in each turn of the event loop, as long as that says so. */
  async function readDuring(path: string, happens: (turn: number) => boolean) {
    let isReading = true;
    const reading = readRulesFile(path).finally(() => {
      isReading = false;
    });
    const changing = async () => {
      for (let turn = 0; isReading && happens(turn); turn++) await new Promise(setImmediate);
    };
    const [read] = await Promise.all([reading, changing()]);
    return read;
  }
  const grow = (path: string): true => {
    appendFileSync(path, '#\n');
    return true;
  };

  test('for ever, as it grows, is refused', async () => {
    const path = place('deny: []\n');
    expect(await refusal(() => readDuring(path, () => grow(path)))).toEqual([
      'rules.yaml: changes while it is read',
      `Write ${path} once and move it into place.`,
    ]);
  });

  test('for a moment is read as a whole', async () => {
    const path = place('deny: []\n');
    const read = await readDuring(path, (turn) => turn < 3 && grow(path));
    expect(read?.bytes.toString()).toBe(readFileSync(path, 'utf8'));
    expect(read?.stamp).toBe(stampOf(path));
  });

  test('for another one, time and again, is read as one of them', async () => {
    const path = place('deny: [{name: first}]\n');
    const read = await readDuring(path, () => {
      renameSync(place('deny: [{name: other}]\n'), path);
      return true;
    });
    expect(read?.bytes.toString()).toMatch(/^deny: \[\{name: (first|other)\}\]\n$/);
  });
});

describe('a file that may not be read', () => {
  const again = (path: string) =>
    `Move ${path} away and run \`vmware-audit rules show --baseline > ${path}\`.`;
  const shorten = (path: string) => `Shorten ${path} and run \`vmware-audit rules lint\`.`;
  const mode = (path: string) => `Run \`chmod go-w ${path}\`.`;
  const look = (path: string) => `Run \`ls -l ${path}\` and make it readable.`;

  test.each<[string, (path: string) => void, string, (path: string) => string]>([
    ['is a directory', (path) => mkdirSync(path), 'is not a regular file', again],
    ['is a device', (path) => symlinkSync('/dev/null', path), 'is not a regular file', again],
    ['leads to itself', (path) => symlinkSync(path, path), 'cannot be read (ELOOP)', look],
    [
      'has a byte too many',
      (path) => writeFileSync(path, Buffer.alloc(limit + 1, '#'), { mode: 0o600 }),
      'is larger than 256 KiB',
      shorten,
    ],
    [
      'can be written by its group',
      (path) => {
        writeFileSync(path, '');
        chmodSync(path, 0o620);
      },
      'can be written by other users',
      mode,
    ],
    [
      'can be written by everybody',
      (path) => {
        writeFileSync(path, '');
        chmodSync(path, 0o602);
      },
      'can be written by other users',
      mode,
    ],
  ])('as it %s', async (_, make, message, remedy) => {
    const path = place();
    make(path);
    expect(await refusal(() => readRulesFile(path))).toEqual([
      `rules.yaml: ${message}`,
      remedy(path),
    ]);
  });

  test('has no stamp either where its name leads nowhere', async () => {
    const path = place();
    symlinkSync(path, path);
    expect(await refusal(() => stampOf(path))).toEqual([
      'rules.yaml: cannot be read (ELOOP)',
      look(path),
    ]);
    const within = join(place('x'), 'rules.yaml');
    expect(await refusal(() => stampOf(within))).toEqual([
      'rules.yaml: cannot be read (ENOTDIR)',
      look(within),
    ]);
    expect(await refusal(() => readRulesFile(within))).toEqual([
      'rules.yaml: cannot be read (ENOTDIR)',
      look(within),
    ]);
  });

  test('is named by its place where the name is none that a file can have', async () => {
    const path = join(place('x'), '..', 'rules.yaml\0');
    await expect(readRulesFile(path)).rejects.toThrow(
      'rules.yaml\0: cannot be read (ERR_INVALID_ARG_VALUE)',
    );
  });
});
