import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The programs of one of our packages, as a user runs them. */
export interface Programs {
  readonly bins: { readonly cli: string; readonly mcp: string };
  /**
   * Bundles the bins (`tsup`, about a second) when there are none or a source is newer, so that a test never runs
   * yesterday's program. Test files that run at the same time take turns at a directory in the temp folder.
   */
  built(): Promise<void>;
  /** Runs the command line to its end. */
  cli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran>;
}

const packages = join(import.meta.dirname, '../..');

export function programsOf(name: string, program = `vmware-${name}`): Programs {
  const root = join(packages, name);
  const bins = {
    cli: join(root, `bin/${program}.cjs`),
    mcp: join(root, `bin/${program}-mcp.cjs`),
  };
  return {
    bins,
    async built() {
      const turn = join(tmpdir(), `${name}-tsup-${process.getuid?.() ?? 0}`);
      while (!taken(turn)) await sleep(100);
      try {
        if (!isFresh(name, program))
          await promisify(execFile)(join(packages, '../node_modules/.bin/tsup'), { cwd: root });
      } finally {
        rmSync(turn, { recursive: true, force: true });
      }
    },
    cli: (args, env) => start(process.execPath, [bins.cli, ...args], env).ended,
  };
}

export const { bins, built, cli } = programsOf('vsphere');

/** A turn older than a minute belongs to nobody. */
function taken(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch {
    const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > 60_000) rmSync(turn, { recursive: true, force: true });
    return false;
  }
}

function isFresh(name: string, program: string): boolean {
  const root = join(packages, name);
  const bundle = join(root, `dist/bin/${program}.cjs`);
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  /** What the bins are bundled from, and by. */
  const sources = [name, 'policy', 'clients'].flatMap((each) => {
    const folder = join(packages, each, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file));
  });
  const files = ['surface.json', 'tsup.config.ts', '../../tsup.base.ts'];
  return [...files.map((file) => join(root, file)), ...sources].every(
    (file) => statSync(file).mtimeMs < made,
  );
}

export interface Ran {
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ran>;
  /** What it has said so far. */
  readonly said: Readonly<Pick<Ran, 'stdout' | 'stderr'>>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program with nothing of our environment but PATH, and nobody at its stdin. */
export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ exit: code ?? signal, ...said }));
    }),
    said,
    kill: (signal) => void child.kill(signal),
  };
}
