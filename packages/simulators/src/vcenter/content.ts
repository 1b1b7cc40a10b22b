import { holds } from './privileges.js';
import { property } from './properties.js';
import { propertiesOf } from './schema.js';
import type { Match } from './selection.js';
import type { Session } from './sessions.js';
import { type DataObject, Typed } from './value.js';
import { VimFault } from './vim-fault.js';
import type { World } from './world.js';

/**
 * The answer for one selected object. Without a live session the answer is still 200, and every property is
 * missing with NotAuthenticated: vCenter's own trap for clients that look only at faults.
 */
export function contentOf(match: Match, world: World, session: Session | undefined): DataObject {
  const { object, paths } = match;
  const denied = denial(match, session);
  if (denied)
    return {
      obj: object.ref,
      missingSet: paths.map((path) => ({ path, fault: denied.localized })),
    };
  const propSet: DataObject[] = [];
  for (const name of paths) {
    const val = typedValue(match, name, world);
    if (val !== undefined) propSet.push({ name, val });
  }
  return { obj: object.ref, propSet };
}

/** A property's value with its type, `undefined` where unset. */
export function typedValue({ object }: Match, path: string, world: World): Typed | undefined {
  const value = property(object, path, world);
  if (value === undefined) return undefined;
  const type = propertiesOf(object.ref.type)?.[path] ?? 'xsd:anyType';
  if (type === 'xsd:anyType' || (typeof value === 'object' && value !== null && '_type' in value))
    return new Typed(typeName(value), value);
  return new Typed(type, value);
}

/** Why nothing of an object may be read now. */
export function denial({ object }: Match, session: Session | undefined): VimFault | undefined {
  const about = { object: object.ref, privilegeId: 'System.Read' };
  if (!session) return new VimFault('NotAuthenticated', about);
  return holds(session.user, 'System.Read') ? undefined : new VimFault('NoPermission', about);
}

function typeName(value: unknown): string {
  if (typeof value === 'object' && value !== null && '_type' in value) return String(value._type);
  return typeof value === 'string' ? 'xsd:string' : 'ManagedObjectReference';
}
