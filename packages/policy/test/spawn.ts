import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundle } from '../../../test/kit/bundle.js';
import type { Shell } from '../../../test/kit/fault-shell.js';
import type { Ask } from './child.js';

/** A program of its own with the same tools, spoken to over IPC. */
export interface Child extends Disposable {
  readonly process: ChildProcess;
  ask(what: Ask): Promise<unknown>;
  /** Without waiting for an answer. */
  tell(what: Ask): void;
}

/** As which user, or within which faults. */
export interface Started {
  readonly uid?: number;
  readonly gid?: number;
  readonly shell?: Shell;
}

export interface Program extends Disposable {
  start(home: string, url: string, how?: Started): Promise<Child>;
}

/** Bundles `child.ts` once. */
export async function bundleChild(): Promise<Program> {
  const made = await bundle(join(import.meta.dirname, 'child.ts'), join(import.meta.dirname, '..'));
  return {
    start: (home, url, how = {}) => start(made.file, [home, url], how),
    [Symbol.dispose]: () => made[Symbol.dispose](),
  };
}

async function start(file: string, args: string[], { shell = [], ...as }: Started): Promise<Child> {
  const [execPath = process.execPath, ...execArgv] = [...shell, process.execPath];
  const child = fork(file, args, { execPath, execArgv, ...as });
  const ready = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (ready[0] !== 'ready') throw new Error(`The child ended with ${ready[0]}`);
  const tell = (what: Ask) => void child.send(what, () => {});
  return {
    process: child,
    tell,
    async ask(what) {
      const said = once(child, 'message');
      tell(what);
      return (await said)[0];
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
