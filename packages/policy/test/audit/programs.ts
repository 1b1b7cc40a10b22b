import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';
import type { Appended, Ask } from './writer.js';

/** A program of its own that writes a log. */
export interface Writer extends Disposable {
  readonly process: ChildProcess;
  ask(what: Ask): Promise<Appended>;
  tell(what: Ask): void;
}

/** Bundles `writer.ts` once, below node_modules, so that the native SQLite binding is found from there. */
export async function bundleWriter(): Promise<
  Disposable & { start(home: string): Promise<Writer> }
> {
  const cache = join(import.meta.dirname, '../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'writer-'));
  await build({
    entry: { writer: join(import.meta.dirname, 'writer.ts') },
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
    start: (home) => start(join(outDir, 'writer.cjs'), home),
    [Symbol.dispose]: () => rmSync(outDir, { recursive: true, force: true }),
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
