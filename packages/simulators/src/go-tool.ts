import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The Go module beside this package: vcsim, and the commands that check us. */
const goModule = join(import.meta.dirname, '..', 'vcsim');

/** A program that can be run, or why there is none. */
export type Built = { readonly path: string } | { readonly skipped: string };

/**
 * Builds a command of the Go module unless it is newer than its sources. A half-built file never gets the name,
 * so several processes may build at once. Without Go: `skipped`. Throws when the build fails.
 */
export async function buildGoTool(name: string, source: string): Promise<Built> {
  if (!existsSync(join(goModule, 'go.mod'))) return { skipped: 'the Go module is not here' };
  const path = join(goModule, 'bin', name);
  if (await fresh(path)) return { path };
  await mkdir(join(goModule, 'bin'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  const { code, output } = await run('go', ['build', '-o', draft, source]);
  if (code === 'absent') return { skipped: 'Go is not installed' };
  if (code !== 0) throw new Error(`go build ${source} failed:\n${output}`);
  await rename(draft, path);
  return { path };
}

async function fresh(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const built = (await stat(path)).mtimeMs;
  const files = await readdir(goModule, { recursive: true });
  const sources = files.filter((file) => /\.go$|go\.(mod|sum)$/.test(file));
  const times = await Promise.all(sources.map((file) => stat(join(goModule, file))));
  return times.every(({ mtimeMs }) => mtimeMs < built);
}

function run(
  program: string,
  args: readonly string[],
): Promise<{ code: number | 'absent' | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: goModule, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', () => resolve({ code: 'absent', output }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
