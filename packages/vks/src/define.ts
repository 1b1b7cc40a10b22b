import type { Supervisors, Wcp } from '@vmware/clients/wcp';
import { toolsFor } from '@vmware/policy';

export interface VksClients {
  /** Workload Management of the target's vCenter Server. */
  readonly wcp: Wcp;
  /** Kubernetes APIs of its Supervisors, and of the clusters on them. */
  readonly supervisors: Supervisors;
  /** Version and build of the vCenter Server, which it tells without a login. */
  readonly about: (
    signal: AbortSignal,
  ) => Promise<{ readonly version: string; readonly build: string }>;
  /** The configured target. */
  readonly target: { readonly name: string; readonly host: string; readonly username: string };
}

export const defineTool = toolsFor<VksClients>();
