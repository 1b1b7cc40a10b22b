import * as z from 'zod';

/** A DNS label (RFC 1123), as Kubernetes names most things. */
const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a DNS label: 1 to 63 of a-z, 0-9 and "-", not at the ends',
  );

export const namespaceName = dnsLabel.describe('vSphere Namespace.');
export const clusterName = dnsLabel.describe('Name of the cluster.');
export const poolName = dnsLabel.describe('Name of the node pool.');

/** A word that names a Supervisor: its id, its name, or a vSphere cluster it runs on. */
export const supervisorWord = z
  .string()
  .min(1)
  .max(255)
  .describe('Supervisor: id, name or cluster id.');

export const policyWord = z.string().min(1).max(255).describe('Storage policy: name or id.');
export const description = z.string().max(1024).describe('For people.');
export const mib = z.int().min(1).max(1_000_000_000);
export const mhz = z.int().min(1).max(100_000_000);
export const k8sVersion = z
  .string()
  .min(1)
  .max(128)
  .describe('Kubernetes version, whole or its start: v1.33.');

/** Names of VM classes, content libraries and the like. */
export const words = z.array(z.string().min(1).max(255)).max(64).describe('Names, or ids.');

/** `{ namespace: 'n, namespace' }`: what kubectl calls it. */
export const namespaceFlag = { namespace: 'n, namespace' } as const;
