import { ApiError } from '@vmware/clients/http';
import type { ResultPage } from '@vmware/clients/nsx';
import { inUrl, type Place, targetOf } from './objects.js';

export interface Members {
  /** Null: they cannot be read, which is not the same as none. */
  readonly member_count: number | null;
  readonly members: readonly {
    readonly id: string;
    readonly display_name: string;
    readonly type: string;
  }[];
  readonly members_error: string | null;
}

interface Member {
  readonly id?: string;
  readonly external_id?: string;
  readonly display_name?: string;
}

/** The VMs that are effective members of a group: how many, and the first `sample` of them. */
export async function vmMembers(place: Place, path: string, sample = 50): Promise<Members> {
  try {
    const { results = [], result_count } = await place.nsx.get<ResultPage<Member>>(
      targetOf(place, `${inUrl(path)}/members/virtual-machines`),
      { query: { page_size: sample }, signal: place.signal },
    );
    return {
      member_count: result_count ?? null,
      members: results.map(({ id, external_id, display_name = '' }) => ({
        id: id ?? external_id ?? '',
        display_name,
        type: 'VirtualMachine',
      })),
      members_error: null,
    };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'CANCELLED') throw error;
    return { member_count: null, members: [], members_error: error.message };
  }
}
