import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundle } from '../../../../test/kit/bundle.js';
import type { Appended, Ask } from './writer.js';

/** A program of its own that writes a log. */
export interface Writer extends Disposable {
  readonly process: ChildProcess;
  ask(what: Ask): Promise<Appended>;
  tell(what: Ask): void;
}

/** Bundles `writer.ts` once. */
export async function bundleWriter(): Promise<
  Disposable & { start(home: string): Promise<Writer> }
> {
  const made = await bundle(
    join(import.meta.dirname, 'writer.ts'),
    join(import.meta.dirname, '../..'),
  );
  return {
    start: (home) => start(made.file, home),
    [Symbol.dispose]: () => made[Symbol.dispose](),
  };
}

async function start(file: string, home: string): Promise<Writer> {
  const child = fork(file, [home], { execArgv: [] });
  const [ready] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (ready !== 'ready') throw new Error(`The writer ended with ${ready}`);
  const tell = (what: Ask) => void child.send(what, () => {});
  return {
    process: child,
    tell,
    async ask(what) {
      const said = once(child, 'message');
      tell(what);
      return (await said)[0] as Appended;
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
