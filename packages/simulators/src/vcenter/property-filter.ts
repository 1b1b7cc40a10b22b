import { randomUUID } from 'node:crypto';
import type { Ref } from '../inventory/entities.js';
import type { Collector } from './collector.js';
import { contentOf, denial, typedValue } from './content.js';
import { type FilterSpec, type Match, select } from './selection.js';
import type { Session, SessionObject } from './sessions.js';
import type { DataObject } from './value.js';
import { VimFault } from './vim-fault.js';
import type { World } from './world.js';

/** A filter of a property collector: it knows what it last told, so it can tell what changed. */
export class Filter implements SessionObject {
  readonly type = 'PropertyFilter';
  readonly id: string;
  readonly spec: FilterSpec;
  readonly collector: Collector;
  #matches = new Map<string, Match>();
  readonly #told = new Map<string, { readonly ref: Ref; readonly values: Map<string, string> }>();
  #stale = true;
  readonly #touched = new Set<string>();

  constructor(collector: Collector, spec: FilterSpec, world: World, session: Session) {
    select(spec, world, session);
    this.id = `session[${session.key}]${randomUUID()}`;
    this.collector = collector;
    this.spec = spec;
  }

  get ref(): Ref {
    return { type: this.type, value: this.id };
  }

  close(): void {
    this.collector.drop(this);
  }

  /** Forgets what it told: the next answer is the whole state again. */
  restart(): void {
    this.#told.clear();
    this.#stale = true;
  }

  touch(id: string, structural: boolean): void {
    this.#stale ||= structural && (this.#matches.has(id) || this.#traverses);
    this.#touched.add(id);
  }

  /** Whether there is more than the last answer could hold. */
  get pending(): boolean {
    return this.#stale || this.#touched.size > 0;
  }

  /** What is new since the last call, at most `limit` objects; the rest stays for the next. */
  updates(world: World, session: Session, limit: number): DataObject[] {
    if (this.#stale) this.#reselect(world, session);
    const updates: DataObject[] = [];
    for (const id of this.#touched) {
      if (updates.length >= limit) break;
      this.#touched.delete(id);
      const update = this.#update(id, world, session);
      if (update) updates.push(update);
    }
    return updates;
  }

  get #traverses(): boolean {
    return (this.spec.objectSet ?? []).some(({ selectSet }) => selectSet?.length);
  }

  #reselect(world: World, session: Session): void {
    const matches = selectPresent(this.spec, world, session);
    this.#matches = new Map(matches.map((match) => [match.object.ref.value, match]));
    this.#stale = false;
    for (const id of this.#told.keys()) if (!this.#matches.has(id)) this.#touched.add(id);
    for (const id of this.#matches.keys()) this.#touched.add(id);
  }

  #update(id: string, world: World, session: Session): DataObject | undefined {
    const match = this.#matches.get(id);
    const told = this.#told.get(id);
    if (!match) {
      this.#told.delete(id);
      return told && { kind: 'leave', obj: told.ref };
    }
    const { ref } = match.object;
    const values = new Map<string, string>();
    const changeSet: DataObject[] = [];
    for (const name of denial(match, session) ? [] : match.paths) {
      const val = typedValue(match, name, world);
      const before = told?.values.get(name);
      if (!val) {
        if (before !== undefined) changeSet.push({ name, op: 'indirectRemove' });
        continue;
      }
      const text = JSON.stringify(val);
      values.set(name, text);
      if (before !== text) changeSet.push({ name, op: 'assign', val });
    }
    this.#told.set(id, { ref, values });
    if (told) return changeSet.length > 0 ? { kind: 'modify', obj: ref, changeSet } : undefined;
    const { missingSet } = contentOf(match, world, session);
    return { kind: 'enter', obj: ref, changeSet, missingSet };
  }
}

/** Objects that left between two looks are no error for a filter that stays. */
function selectPresent(spec: FilterSpec, world: World, session: Session): Match[] {
  try {
    return select(spec, world, session);
  } catch (error) {
    if (!(error instanceof VimFault) || error.type !== 'ManagedObjectNotFound') throw error;
    const present = (spec.objectSet ?? []).filter((each) => {
      const gone = error.fields['obj'] as Ref;
      return each.obj.value !== gone.value;
    });
    return selectPresent({ ...spec, objectSet: present }, world, session);
  }
}
