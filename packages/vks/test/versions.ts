import { getTkcAvailableVersions } from '../src/tools/tkc/get-tkc-available-versions.js';
import { read } from './answer.js';
import type { Lab } from './lab.js';

/** Versions that clusters in dev can have, oldest first. */
export async function usableVersions(at: Pick<Lab, 'call'>): Promise<string[]> {
  const { versions } = await read(at, getTkcAvailableVersions, { namespace: 'dev' });
  return versions.map(({ version }) => version).reverse();
}
