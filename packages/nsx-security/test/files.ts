import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../src/dfw/snapshot.js';

/** A folder that goes with the test. */
export function folder(): Disposable & { path(name: string): string } {
  const dir = mkdtempSync(join(tmpdir(), 'nsx-files-'));
  return {
    path: (name) => join(dir, name),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Writes a plan and resolves to its path. */
export function written(at: string, text: string): string {
  writeFileSync(at, text);
  return at;
}

export const snapshotIn = (file: string): Snapshot =>
  JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
