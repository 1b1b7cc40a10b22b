import type { Entity, EntityOf, Kind, Power, Vm } from './entities.js';
import { escapeName } from './name.js';

/** What happened to an object. Structural: something came, went or moved, so selections are stale. */
export interface Change {
  readonly id: string;
  readonly structural: boolean;
}

/** What an entity is made from: no id, and the kind beside it. */
export type Draft<K extends Kind> = Omit<EntityOf<K>, 'kind' | 'id'>;

const prefixes: Readonly<Record<Kind, string>> = {
  folder: 'group-v',
  datacenter: 'datacenter-',
  cluster: 'domain-c',
  host: 'host-',
  pool: 'resgroup-',
  datastore: 'datastore-',
  network: 'network-',
  vm: 'vm-',
};

/** The objects of one simulated site, in memory. Every face serves it; a test changes it behind their back. */
export class Inventory {
  readonly #entities = new Map<string, Entity>();
  readonly #children = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #serial = 0;

  add<K extends Kind>(kind: K, draft: Draft<K>, prefix = prefixes[kind]): EntityOf<K> {
    const id = this.nextId(prefix);
    const name = escapeName(draft.name);
    const entity = { ...draft, name, kind, id } as unknown as EntityOf<K>; // one kind, one shape
    this.#entities.set(id, entity);
    if (entity.parent) this.#childrenOf(entity.parent).add(id);
    this.touch(id, true);
    if (entity.parent) this.touch(entity.parent, true);
    return entity;
  }

  /** A fresh id. Snapshots and tasks draw from the same numbers. */
  nextId(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }

  get(id: string): Entity | undefined {
    return this.#entities.get(id);
  }

  /** The first entity of a kind with this name, or this id. */
  find<K extends Kind>(kind: K, nameOrId: string): EntityOf<K> | undefined {
    return this.all(kind).find((each) => each.name === nameOrId || each.id === nameOrId);
  }

  all<K extends Kind>(kind: K): EntityOf<K>[] {
    const found: EntityOf<K>[] = [];
    for (const entity of this.#entities.values())
      if (entity.kind === kind) found.push(entity as EntityOf<K>);
    return found;
  }

  get root(): Entity {
    for (const entity of this.#entities.values()) if (!entity.parent) return entity;
    throw new Error('the inventory is empty');
  }

  children(id: string): Entity[] {
    return [...(this.#children.get(id) ?? [])].flatMap((child) => this.#entities.get(child) ?? []);
  }

  /** From the datacenter down: `/Lab/vm/apps/web-01`. The root folder is not named. */
  path(entity: Entity): string {
    const parent = entity.parent && this.#entities.get(entity.parent);
    return parent ? `${this.path(parent)}/${entity.name}` : '';
  }

  /** Sets fields of an entity and tells the faces. */
  change<E extends Entity>(entity: E, fields: Partial<Omit<E, 'kind' | 'id' | 'parent'>>): void {
    Object.assign(entity, fields);
    this.touch(entity.id, false);
  }

  rename(entity: Entity, name: string): void {
    entity.name = escapeName(name);
    this.touch(entity.id, false);
  }

  move(entity: Entity, parent: Entity): void {
    if (entity.parent) this.#childrenOf(entity.parent).delete(entity.id);
    entity.parent = parent.id;
    this.#childrenOf(parent.id).add(entity.id);
    this.touch(entity.id, true);
  }

  /** Removes an entity and everything below it. */
  remove(entity: Entity): void {
    for (const child of this.children(entity.id)) this.remove(child);
    this.#entities.delete(entity.id);
    this.#children.delete(entity.id);
    if (entity.parent) this.#children.get(entity.parent)?.delete(entity.id);
    this.touch(entity.id, true);
    if (entity.parent) this.touch(entity.parent, true);
  }

  setPower(vm: Vm, power: Power, at: Date): void {
    vm.power = power;
    if (power === 'poweredOn') vm.booted ??= at;
    else delete vm.booted;
    this.touch(vm.id, false);
  }

  /** Tells every listener that an object is not what it was. */
  touch(id: string, structural: boolean): void {
    for (const listener of this.#listeners) listener({ id, structural });
  }

  /** Calls `listener` on every change until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #childrenOf(id: string): Set<string> {
    const children = this.#children.get(id) ?? new Set<string>();
    this.#children.set(id, children);
    return children;
  }
}
