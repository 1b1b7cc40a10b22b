import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Skipped } from './vcsim.js';

export interface KubeApiserverOptions {
  /** An empty directory for its data; one under the system's temporary files, removed at the end, when absent. */
  readonly dir?: string;
}

/** A real kube-apiserver over a real etcd, without controllers, running until it is disposed of. */
export interface KubeApiserver extends AsyncDisposable {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
  /** Bearer token of the administrator, and of somebody who is known and may do nothing. */
  readonly token: string;
  readonly viewer: string;
}

const built = join(import.meta.dirname, '..', 'kube-apiserver', 'bin', 'kube-apiserver');

/**
 * Starts the program `$KUBE_APISERVER`, or ours where it was built before: ten minutes of compiling are nothing to
 * begin in the middle of a test. Takes some five seconds. Throws when it does not start, with its last words.
 */
export async function kubeApiserver({
  dir,
}: KubeApiserverOptions = {}): Promise<KubeApiserver | Skipped> {
  const given = process.env['KUBE_APISERVER'];
  const path = given ?? built;
  if (given === undefined && !existsSync(built))
    return {
      skipped: `it is not built (cd packages/simulators/kube-apiserver && go build -o bin/kube-apiserver .), and KUBE_APISERVER is not set`,
    };
  const place = dir ?? (await mkdtemp(join(tmpdir(), 'kube-apiserver-')));
  const token = randomBytes(24).toString('hex');
  const child = spawn(path, ['-dir', place, '-token', token], { stdio: 'pipe' });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    if (dir === undefined) await rm(place, { recursive: true, force: true });
  };
  try {
    const {
      url = '',
      ca = '',
      viewer = '',
    } = JSON.parse(await firstLine(child, path)) as Record<string, string>;
    const { hostname: host, port } = new URL(url);
    return { url, host, port: Number(port), ca, token, viewer, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstLine(child: ChildProcessWithoutNullStreams, path: string): Promise<string> {
  let words = '';
  child.stderr.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', (error) => reject(new Error(`${path} did not start: ${error.message}`)));
    child.once('exit', (code) =>
      reject(new Error(`${path} ended with ${code} before it was ready:\n${words}`)),
    );
  });
}
