import type { Rest } from '@vmware/clients/rest';
import type { Vim } from '@vmware/clients/vim';
import { toolsFor } from '@vmware/policy';

export interface VsphereClients {
  readonly vim: Vim;
  /** The Automation API of the same target, loaded when first asked for: most tools do without. Logs in to SOAP first. */
  readonly rest: (signal: AbortSignal) => Promise<Rest>;
}

export const defineTool = toolsFor<VsphereClients>();
