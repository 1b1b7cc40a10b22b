import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rulesHome } from '../../test/rules/rules-lab.js';
import { digestOf, packagedRules } from './load.js';
import { RulesUnavailable } from './problem.js';

const open = 'version: 1\ndefault: {write: permit}\n';

describe('the rules in force', () => {
  test('are the packaged ones without a file, and a file that never was is not remembered', async () => {
    const { rules, seen } = rulesHome();
    expect(await rules.current()).toBe(packagedRules);
    expect(await rules.current()).toBe(packagedRules);
    expect(seen.told).toEqual([]);
  });

  test('are the same object as long as the file says the same', async () => {
    const { rules, write } = rulesHome(open);
    const first = await rules.current();
    expect(await rules.current()).toBe(first);
    write(open);
    expect(await rules.current()).toBe(first);
    write('version: 1\n');
    expect((await rules.current()).fallback.write).toBe('forbid');
  });

  test('are told by their digest once, and once more when they change, even to what is wrong', async () => {
    const { rules, write, seen } = rulesHome(open);
    await rules.current();
    await rules.current();
    expect(seen.told).toEqual([digestOf(Buffer.from(open))]);
    write('nonsense: 1\n');
    for (let i = 0; i < 2; i++)
      await expect(rules.current()).rejects.toThrow('rules.yaml:1:1: does not know nonsense');
    expect(seen.told).toEqual([open, 'nonsense: 1\n'].map((text) => digestOf(Buffer.from(text))));
  });

  test('of a broken file are the same problem as long as it says the same', async () => {
    const { rules, path } = rulesHome('nonsense: 1\n');
    const problem = () =>
      rules.current().then(
        () => undefined,
        (error: unknown) => error,
      );
    const first = await problem();
    expect(first).toBeInstanceOf(RulesUnavailable);
    expect(await problem()).toBe(first);
    rmSync(path);
    expect(await problem()).toMatchObject({ message: 'rules.yaml: was here and is gone' });
  });

  test('of a file that went and came back are read anew', async () => {
    const { rules, path, write } = rulesHome(open);
    const first = await rules.current();
    rmSync(path);
    await expect(rules.current()).rejects.toThrow('was here and is gone');
    write(open);
    const second = await rules.current();
    expect(second).not.toBe(first);
    expect(second.digest).toBe(first.digest);
  });

  test('after one that failed are asked for anew', async () => {
    let fails = true;
    const seen = {
      get: () => undefined,
      set: () => {
        if (fails) throw new Error('disk');
      },
    };
    const { rules } = rulesHome(open, { seen });
    await expect(rules.current()).rejects.toThrow('disk');
    fails = false;
    expect((await rules.current()).fallback.write).toBe('permit');
  });
});
