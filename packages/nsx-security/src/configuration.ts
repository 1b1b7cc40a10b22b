import { capture } from './capture.js';
import type { NsxClients } from './define.js';
import type { Snapshot } from './dfw/snapshot.js';
import { placeOf } from './objects.js';
import { readSnapshot } from './snapshot-file.js';

interface From {
  readonly snapshot?: string | undefined;
  readonly nsx_scope?: string | undefined;
}

/** What an analysis is about: a snapshot file when one is named, and what the manager has now otherwise. */
export async function configurationOf(
  { snapshot, nsx_scope }: From,
  clients: NsxClients,
  context: { readonly signal: AbortSignal },
): Promise<Snapshot> {
  if (snapshot !== undefined) return readSnapshot(clients.directory, snapshot);
  return capture(placeOf(clients.nsx, nsx_scope, context), clients.target, { inventory: true });
}
