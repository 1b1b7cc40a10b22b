import { isStale } from '@vmware/clients/kube';

/** So often a plan is made anew before it is given up. */
const attempts = 4;

/**
 * Makes a plan of an object whose status its controllers may change at any moment: when it is not what it was by the
 * time the server checks the plan, it is read and planned anew. Somebody who keeps changing it is CONFLICT.
 */
export async function freshly<T>(plan: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await plan();
    } catch (error) {
      if (!isStale(error) || attempt === attempts) throw error;
    }
  }
}
