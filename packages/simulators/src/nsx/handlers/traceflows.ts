import type { Call, Handlers } from '../call.js';
import { Change } from '../change.js';
import { startTrace, type Trace } from '../compute/traceflow.js';
import { invalid, noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';
import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { found } from './objects.js';

const type = 'TraceflowConfig';
const running = new WeakMap<World, Map<string, Trace>>();

/** Traces: written like any object, started by that, and gone two hours later. */
export const traceflowHandlers: Handlers = {
  'GET /traceflows': (call) => {
    clean(call.world);
    const parent = call.path.replace(/\/traceflows$/, '');
    const all = call.world.objects.children(parent, type);
    return page(all, call.query, call.pageCap, ({ id }) => id);
  },
  'GET /traceflows/{}': (call) => configOf(call),
  'PUT /traceflows/{}': (call) => {
    const { world, path, body, user } = call;
    if (body['segment_port_path'] === undefined && body['source_id'] === undefined)
      throw invalid('A traceflow starts at a segment_port_path or a source_id.');
    const config = Change.make(world, user, call.overwrite, (change) =>
      change.write({ path, type, fields: body, replaces: true, revision: 'must', partial: false }),
    );
    tracesOf(world).set(path, startTrace(world, config));
    return config;
  },
  'DELETE /traceflows/{}': (call) => {
    const { path } = configOf(call);
    tracesOf(call.world).delete(path);
    call.world.objects.remove(path);
  },
  'GET /traceflows/{}/status': (call) => traceOf(call).status(call.world.clock.now()),
  'GET /traceflows/{}/observations': (call) => {
    const results = traceOf(call).observations(call.world.clock.now());
    return { results, result_count: results.length };
  },
};

const keptFor = 2 * 3_600_000;

function clean(world: World): void {
  const oldest = world.clock.now().getTime() - keptFor;
  for (const { path, _last_modified_time: at } of world.objects.ofType(type))
    if (Number(at) < oldest) world.objects.remove(path);
}

function configOf(call: Call): PolicyObject {
  clean(call.world);
  return found(call, call.path.replace(/\/(status|observations)$/, ''), type);
}

function traceOf(call: Call): Trace {
  const { path } = configOf(call);
  const trace = tracesOf(call.world).get(path);
  if (!trace) throw noSuchObject(path);
  return trace;
}

function tracesOf(world: World): Map<string, Trace> {
  const traces = running.get(world) ?? new Map<string, Trace>();
  running.set(world, traces);
  return traces;
}
