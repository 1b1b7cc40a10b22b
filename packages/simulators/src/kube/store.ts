import { randomUUID } from 'node:crypto';
import type { Clock } from '../server/clock.js';
import type { Kind } from './kinds.js';
import { type KubeObject, type Metadata, sameJson } from './object.js';

/** One change, as a watch sees it. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: Kind;
  readonly object: KubeObject;
  /** What it was before. */
  readonly before: KubeObject | undefined;
  readonly version: number;
}

/** An object to keep: what the store itself writes may be absent. */
export type NewObject = Omit<KubeObject, 'metadata'> & { readonly metadata: Metadata };

/** The objects of one API server, in their stored versions, and what has happened to them lately. */
export class Store {
  readonly #clock: Clock;
  readonly #history: StoreEvent[] = [];
  readonly #historyLimit: number;
  /** By kind, namespace (empty without one) and name. */
  readonly #objects = new Map<string, Map<string, Map<string, KubeObject>>>();
  readonly #byKind = new WeakMap<Kind, Map<string, Map<string, KubeObject>>>();
  readonly #watchers = new Set<(event: StoreEvent) => void>();
  #version = 1000;
  #forgotten = 1000;

  /** Remembers the last `historyLimit` changes; a watch from before them is 410. */
  constructor(clock: Clock, historyLimit = 10_000) {
    this.#clock = clock;
    this.#historyLimit = historyLimit;
  }

  /** The resourceVersion of the last change. */
  get version(): number {
    return this.#version;
  }

  /** Changes up to this resourceVersion are forgotten. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#of(kind)
      .get(namespace ?? '')
      ?.get(name);
  }

  /** Objects of a kind in the order of their namespaces and names. */
  list(kind: Kind, namespace?: string): KubeObject[] {
    const spaces = this.#of(kind);
    const asked = namespace === undefined ? [...spaces.keys()].sort() : [namespace];
    return asked.flatMap((space) =>
      [...(spaces.get(space) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    );
  }

  /** Keeps an object that is new. */
  add(kind: Kind, object: NewObject): KubeObject {
    return this.#keep(kind, undefined, this.asAdded(object));
  }

  /** What `add` would keep, but for its resourceVersion. */
  asAdded({ metadata, ...object }: NewObject): KubeObject {
    return {
      ...object,
      metadata: {
        ...metadata,
        uid: metadata.uid ?? randomUUID(),
        creationTimestamp: metadata.creationTimestamp ?? stamp(this.#clock.now()),
        generation: metadata.generation ?? 1,
      },
    } as KubeObject;
  }

  /** Replaces an object. Nothing changed: nothing happens. */
  replace(kind: Kind, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const before = this.get(kind, namespace, name);
    if (!before) throw new Error(`There is no ${kind.kind} ${namespace}/${name} to replace.`);
    const next = this.asReplaced(before, object);
    return next === before ? before : this.#keep(kind, before, next);
  }

  /** What `replace` would keep, but for its resourceVersion: the generation grows when more than metadata and status changed. */
  asReplaced(before: KubeObject, object: KubeObject): KubeObject {
    const { uid, creationTimestamp, resourceVersion, generation = 1 } = before.metadata;
    const next = {
      ...object,
      metadata: {
        ...object.metadata,
        uid,
        creationTimestamp,
        resourceVersion,
        generation: sameSpec(before, object) ? generation : generation + 1,
      },
    } as KubeObject;
    return sameJson(before, next) ? before : next;
  }

  /**
   * Replaces an object that nobody has seen yet: no version, no generation and no watch tells of it. Throws when
   * there is none.
   */
  amend(kind: Kind, object: KubeObject): void {
    const { namespace, name } = object.metadata;
    if (!this.get(kind, namespace, name)) throw new Error(`There is no ${kind.kind} ${name}.`);
    this.#in(kind, namespace).set(name, object);
  }

  /** Replaces the status of an object that may be gone by now. */
  setStatus(kind: Kind, { metadata }: KubeObject, status: unknown): void {
    const object = this.get(kind, metadata.namespace, metadata.name);
    if (object) this.replace(kind, { ...object, status });
  }

  remove(kind: Kind, { metadata }: KubeObject): void {
    const before = this.get(kind, metadata.namespace, metadata.name);
    if (!before) return;
    this.#in(kind, metadata.namespace).delete(metadata.name);
    this.#version += 1;
    const object = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: `${this.#version}` },
    };
    this.#tell({ type: 'DELETED', kind, object, before, version: this.#version });
  }

  /** Changes after a resourceVersion; undefined when some of them are forgotten. */
  since(version: number): readonly StoreEvent[] | undefined {
    if (version < this.#forgotten) return undefined;
    return this.#history.filter((event) => event.version > version);
  }

  /** Forgets what has happened: older resourceVersions are too old from now on, as after a compaction of etcd. */
  compact(): void {
    this.#history.length = 0;
    this.#forgotten = this.#version;
  }

  /** Tells of every change to come, until the returned function is called. */
  subscribe(watcher: (event: StoreEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #keep(kind: Kind, before: KubeObject | undefined, next: KubeObject): KubeObject {
    this.#version += 1;
    const version = this.#version;
    const object = { ...next, metadata: { ...next.metadata, resourceVersion: `${version}` } };
    this.#in(kind, object.metadata.namespace).set(object.metadata.name, object);
    this.#tell({ type: before ? 'MODIFIED' : 'ADDED', kind, object, before, version });
    return object;
  }

  #tell(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > this.#historyLimit * 1.5) {
      const dropped = this.#history.splice(0, this.#history.length - this.#historyLimit);
      this.#forgotten = dropped.at(-1)?.version ?? this.#forgotten;
    }
    for (const watcher of this.#watchers) watcher(event);
  }

  /** A kind that is served in fewer versions is another object, and still the same kind. */
  #of(kind: Kind): Map<string, Map<string, KubeObject>> {
    const known = this.#byKind.get(kind);
    if (known) return known;
    const key = `${kind.plural}.${kind.group}`;
    const found = this.#objects.get(key) ?? new Map<string, Map<string, KubeObject>>();
    this.#objects.set(key, found);
    this.#byKind.set(kind, found);
    return found;
  }

  #in(kind: Kind, namespace = ''): Map<string, KubeObject> {
    const spaces = this.#of(kind);
    const found = spaces.get(namespace) ?? new Map<string, KubeObject>();
    spaces.set(namespace, found);
    return found;
  }
}

/** A time as Kubernetes writes it: whole seconds. */
export const stamp = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

function sameSpec(before: KubeObject, after: KubeObject): boolean {
  const { metadata: _, status: __, ...one } = before;
  const { metadata: ___, status: ____, ...other } = after;
  return sameJson(one, other);
}
