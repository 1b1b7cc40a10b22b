import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';
import type { Ask } from './child.js';

/** A program of its own with the same tools, spoken to over IPC. */
export interface Child extends Disposable {
  readonly process: ChildProcess;
  ask(what: Ask): Promise<unknown>;
  /** Without waiting for an answer. */
  tell(what: Ask): void;
}

export interface Program extends Disposable {
  start(home: string, url: string, as?: { uid: number; gid: number }): Promise<Child>;
}

const here = import.meta.dirname;

/** Bundles `child.ts` once, below node_modules, so that the native SQLite binding is found from there. */
export async function bundleChild(): Promise<Program> {
  const cache = join(here, '../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'child-'));
  chmodSync(outDir, 0o755);
  await build({
    entry: { child: join(here, 'child.ts') },
    outDir,
    format: 'cjs',
    target: 'node20',
    config: false,
    silent: true,
    dts: false,
    noExternal: [/.*/],
    external: ['better-sqlite3'],
    esbuildOptions: (options) => {
      options.conditions = ['@vmware/source'];
      options.define = { 'import.meta.url': '__moduleUrl' };
      options.banner = {
        js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;",
      };
    },
  });
  return {
    start: (home, url, as = undefined) => start(join(outDir, 'child.cjs'), [home, url], as),
    [Symbol.dispose]: () => rmSync(outDir, { recursive: true, force: true }),
  };
}

async function start(
  file: string,
  args: string[],
  as: { uid: number; gid: number } | undefined,
): Promise<Child> {
  const child = fork(file, args, { execArgv: [], ...as });
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
