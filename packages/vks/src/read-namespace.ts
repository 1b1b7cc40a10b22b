import { ApiError } from '@vmware/clients/http';
import type { NamespaceInfo } from '@vmware/clients/wcp';
import type { VksClients } from './define.js';

/** One vSphere Namespace. Throws NOT_FOUND with the nearest name, or WORKLOAD_MANAGEMENT_OFF. */
export async function readNamespace(
  { wcp, supervisors }: Pick<VksClients, 'wcp' | 'supervisors'>,
  name: string,
  signal: AbortSignal,
): Promise<NamespaceInfo> {
  try {
    return await wcp.namespace(name, { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
    await supervisors.of(name, { signal }); // says what there is instead
    throw error;
  }
}
