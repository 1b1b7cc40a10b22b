import type { Nsx } from '@vmware/clients/nsx';
import { toolsFor } from '@vmware/policy';

export interface NsxClients {
  readonly nsx: Nsx;
  /** The configured target that `nsx` talks to; empty for a call that only reads a file. */
  readonly target: { readonly name: string; readonly host: string; readonly username: string };
  /** Where files of ours are kept: `~/.vmware-nsx-security`, the directory of config.yaml. */
  readonly directory: string;
  /** The manager of another configured target, for comparing two. */
  readonly another: (name: string) => Promise<Nsx>;
}

export const defineTool = toolsFor<NsxClients>();
