import { randomUUID } from 'node:crypto';
import { type Entity, type Ref, refOf } from '../inventory/entities.js';
import { isA, isObjectType } from './object-types.js';
import { objectTypes } from './schema.js';
import type { Session, SessionObject } from './sessions.js';
import { invalidArgument } from './vim-fault.js';
import type { World } from './world.js';

/** The entities below a container, as they are whenever somebody looks. */
export class ContainerView implements SessionObject {
  readonly type = 'ContainerView';
  readonly id: string;
  readonly container: Ref;
  readonly types: readonly string[];
  readonly recursive: boolean;

  constructor(session: Session, container: Ref, types: readonly string[], recursive: boolean) {
    for (const type of types) if (!isObjectType(type, objectTypes())) throw invalidArgument('type');
    this.id = `session[${session.key}]${randomUUID()}`;
    this.container = container;
    this.types = types;
    this.recursive = recursive;
  }

  list({ inventory }: World): Ref[] {
    const found: Ref[] = [];
    const visit = (entity: Entity) => {
      const ref = refOf(entity);
      if (this.types.length === 0 || this.types.some((type) => isA(ref.type, type)))
        found.push(ref);
      if (this.recursive) for (const child of inventory.children(entity.id)) visit(child);
    };
    for (const child of inventory.children(this.container.value)) visit(child);
    return found;
  }
}
