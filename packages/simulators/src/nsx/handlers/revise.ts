import type { Call, Handlers } from '../call.js';
import { Change } from '../change.js';
import { badPath, badRequest, invalid } from '../nsx-error.js';
import type { PolicyObject } from '../store.js';
import { found, shown } from './objects.js';

const highest = 999_999;
const step = 10;
const operations = ['insert_top', 'insert_bottom', 'insert_before', 'insert_after'];

/** Moves a policy within its category, or a rule within its policy, writing it at the same time. */
export const reviseHandlers: Handlers = {
  'POST /security-policies/{}?action=revise': (call) => revise(call, 'SecurityPolicy'),
  'POST /security-policies/{}/rules/{}?action=revise': (call) => revise(call, 'Rule'),
};

function revise(call: Call, type: string): unknown {
  const { world, path, body, query, user } = call;
  found(call, path, type);
  const operation = query['operation'] ?? 'insert_top';
  if (!operations.includes(operation))
    throw badRequest(`The parameter operation is one of ${operations.join(', ')}.`);
  const moved = Change.make(world, user, call.overwrite, (change) => {
    const how = { path, type, replaces: type === 'SecurityPolicy' && body['rules'] !== undefined };
    const written = change.write({ ...how, fields: body, revision: 'must', partial: false });
    const others = siblingsOf(call, written);
    const at = positionOf(operation, query['anchor_path'], others);
    const order = [...others.slice(0, at), written, ...others.slice(at)];
    renumber(call, order, written);
    return found(call, path, type);
  });
  return shown(call, moved, true);
}

/** What it is moved among, in order; defaults stay last and are no neighbours. */
const siblingsOf = ({ world }: Call, object: PolicyObject): PolicyObject[] =>
  world.objects
    .children(object.parent_path, object.resource_type)
    .filter((each) => each.path !== object.path && each['is_default'] !== true)
    .filter((each) => each['category'] === object['category'])
    .sort((a, b) => sequenceOf(a) - sequenceOf(b));

function positionOf(
  operation: string,
  anchor: string | undefined,
  others: readonly PolicyObject[],
): number {
  if (operation === 'insert_top') return 0;
  if (operation === 'insert_bottom') return others.length;
  if (anchor === undefined) throw invalid(`The operation ${operation} needs an anchor_path.`);
  const at = others.findIndex(({ path }) => path === anchor);
  if (at < 0) throw badPath(anchor);
  return operation === 'insert_before' ? at : at + 1;
}

/** Gives the moved one a number between its neighbours; renumbers all when there is none. */
function renumber({ world }: Call, order: readonly PolicyObject[], moved: PolicyObject): void {
  const at = order.indexOf(moved);
  const before = order[at - 1];
  const after = order[at + 1];
  const low = before ? sequenceOf(before) : -1;
  const high = after ? sequenceOf(after) : Math.min(low + 2 * step, highest + 1);
  const own = after ? Math.floor((low + high) / 2) : low + step;
  if (own > low && own < high) place(own, moved);
  else for (const [index, each] of order.entries()) place((index + 1) * step, each);

  function place(sequence: number, object: PolicyObject): void {
    if (sequenceOf(object) === sequence) return;
    const shift = sequence - sequenceOf(object);
    const internal = object['internal_sequence_number'];
    world.objects.set({
      ...object,
      sequence_number: sequence,
      ...(typeof internal === 'number' && { internal_sequence_number: internal + shift }),
      _revision: object === moved ? object._revision : object._revision + 1,
    });
  }
}

const sequenceOf = (object: PolicyObject): number => Number(object['sequence_number'] ?? 0);
