import type { Vim } from '@vmware/clients/vim';
import { toolsFor } from '@vmware/policy';

export interface VsphereClients {
  readonly vim: Vim;
}

export const defineTool = toolsFor<VsphereClients>();
