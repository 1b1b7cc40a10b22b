// A home with a log of its own for a bench, and the rows that are written into it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Resolves to what `work` does in a home of its own, which is gone afterwards. */
export async function inAuditHome(homeAt, work) {
  const dir = mkdtempSync(join(tmpdir(), 'vmware-bench-audit-'));
  try {
    return await work(homeAt(dir));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

let count = 0;
/** A row as a call makes it, about 700 bytes in the file. */
export function row(more = {}) {
  count += 1;
  return {
    op_id: `019c0f3e-6a52-7c1b-9a3d-${String(count).padStart(12, '0')}`,
    phase: 'read',
    skill: 'vsphere',
    tool: 'list_vms',
    target: 'vc-01',
    environment: 'lab',
    actor: 'ann',
    agent: 'bench/1',
    session: 'abcdef012345',
    risk: 'low',
    decision: 'allow',
    rule: 'default',
    rules_sha: '0'.repeat(64),
    args_sha: '1'.repeat(64),
    status: 'ok',
    duration_us: 12_345,
    body: {
      args: { name: `vm-${count}` },
      result: { returned: 50, total: 1_000, truncated: true },
    },
    ...more,
  };
}
