import type { AnyTool, Input, OnSim } from './changes.js';
import { readInputs } from './reads.js';

/** The input of the table for a reading tool, once the file or the trace that it names is there. */
export async function readInputFor({ name }: AnyTool, nsx: OnSim): Promise<Input> {
  const trace = name === 'get_traceflow_result' ? await leaveTrace(nsx) : '';
  const inputs = readInputs(nsx, trace);
  if (name === 'diff_dfw')
    await nsx.governed.answer('snapshot_dfw', inputs['snapshot_dfw'], { surface: 'cli' });
  return inputs[name] ?? {};
}

/** Runs a trace that cannot be cleaned up, and resolves to its id. The rules must let it. */
async function leaveTrace({ sim, governed }: OnSim): Promise<string> {
  sim.faults.add({
    match: { method: 'DELETE /policy/api/v1/infra/traceflows/{}' },
    then: { status: 503 },
  });
  const packet = { src_vm: 'web-01', dst_vm: 'app-01', dst_port: 8443 };
  const traced = await governed.answer('run_traceflow', packet, { surface: 'cli', dryRun: false });
  if (traced?.status !== 'done') throw new Error(JSON.stringify(traced));
  return String(traced.output['traceflow_id']);
}
