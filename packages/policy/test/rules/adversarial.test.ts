import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'tsup';
import { expect, test } from 'vitest';
import { bombs } from './bombs.js';

/** A worker can be ended while it is stuck in a matcher; a test cannot. */
const patience = 30_000;

/** Answers in the order of the bombs, as many as came before the worker ended or had to be ended. */
async function answersOf(program: string): Promise<boolean[]> {
  const answers: boolean[] = [];
  const worker = new Worker(program, { workerData: bombs });
  const timer = setTimeout(() => void worker.terminate(), patience);
  worker.on('message', (answer: boolean) => answers.push(answer));
  await new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
  clearTimeout(timer);
  return answers;
}

test('200 patterns made to explode are answered, and rightly, on values of 1 KiB', {
  timeout: patience + 30_000,
}, async () => {
  expect(bombs).toHaveLength(200);
  expect(bombs.map(({ text }) => text.length)).toEqual(bombs.map(() => 1_024));
  const cache = join(import.meta.dirname, '../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'bombs-'));
  try {
    await build({
      entry: { defuse: join(import.meta.dirname, 'defuse.ts') },
      outDir,
      format: 'esm',
      target: 'node20',
      config: false,
      silent: true,
      dts: false,
      outExtension: () => ({ js: '.mjs' }),
      external: ['re2js', 'yaml', 'zod'],
    });
    const answers = await answersOf(join(outDir, 'defuse.mjs'));
    expect(answers).toEqual(bombs.map(({ matches }) => matches));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
});
