/** A policy object as the API returns it. */
export interface PolicyObject {
  readonly id: string;
  readonly path: string;
  readonly parent_path: string;
  readonly relative_path: string;
  readonly resource_type: string;
  readonly _revision: number;
  readonly [field: string]: unknown;
}

interface Buried {
  readonly object: PolicyObject;
  /** Milliseconds since 1970: when it is gone for good. */
  readonly until: number;
}

type Index = Map<string, Map<string, PolicyObject>>;

/** The policy objects of a simulated NSX Manager, by path. Objects are never changed in place: they are replaced. */
export class Store {
  readonly #objects = new Map<string, PolicyObject>();
  readonly #children: Index = new Map();
  readonly #types: Index = new Map();
  readonly #buried = new Map<string, Buried>();
  #version = 0;
  #undo: (() => void)[] | undefined;
  #ruleId: number;

  /** `firstRuleId` is the least number of a rule: 1000 on a local manager, 1,000,000 on a global one. */
  constructor(firstRuleId = 1000) {
    this.#ruleId = firstRuleId;
  }

  /** Grows with every change: what was computed at the same version still holds. */
  get version(): number {
    return this.#version;
  }

  get(path: string): PolicyObject | undefined {
    return this.#objects.get(path);
  }

  /** Puts an object in the place of what was there under its path. */
  set(object: PolicyObject): void {
    const before = this.#objects.get(object.path);
    if (before) this.#unlink(before);
    this.#link(object);
    this.#undo?.push(() => (before ? this.set(before) : this.#unlink(object)));
    const ruleId = object['rule_id'];
    if (typeof ruleId === 'number' && ruleId >= this.#ruleId) this.#ruleId = ruleId + 1;
  }

  /** Removes an object and everything below it. */
  remove(path: string): void {
    const object = this.#objects.get(path);
    if (!object) return;
    for (const child of this.children(path)) this.remove(child.path);
    this.#unlink(object);
    this.#undo?.push(() => this.#link(object));
  }

  /** Removes an object; it and what was below it stay findable, marked for deletion, until a time. */
  bury(path: string, until: number): void {
    const object = this.#objects.get(path);
    if (!object) return;
    for (const child of this.children(path)) this.bury(child.path, until);
    this.remove(path);
    this.#buried.set(path, { object: { ...object, marked_for_delete: true }, until });
    this.#undo?.push(() => this.#buried.delete(path));
  }

  /** Objects that are marked for deletion and not yet gone. */
  buried(now: Date): PolicyObject[] {
    for (const [path, { until }] of this.#buried)
      if (until <= now.getTime() || this.#objects.has(path)) this.#buried.delete(path);
    return [...this.#buried.values()].map(({ object }) => object);
  }

  /** Objects directly below a path, of one type when it is given, in the order in which they were made. */
  children(parentPath: string, resourceType?: string): PolicyObject[] {
    return [...(this.#children.get(parentPath)?.values() ?? [])].filter(
      ({ resource_type }) => resourceType === undefined || resource_type === resourceType,
    );
  }

  /** Every object of a type, wherever it is. */
  ofType(resourceType: string): PolicyObject[] {
    return [...(this.#types.get(resourceType)?.values() ?? [])];
  }

  all(): IterableIterator<PolicyObject> {
    return this.#objects.values();
  }

  /** A number no rule has had. */
  nextRuleId(): number {
    this.#ruleId += 1;
    return this.#ruleId - 1;
  }

  /** Does several changes, or none of them when one throws. */
  atOnce<T>(change: () => T): T {
    if (this.#undo) return change();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return change();
    } catch (error) {
      this.#undo = undefined;
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  #link(object: PolicyObject): void {
    this.#version += 1;
    this.#objects.set(object.path, object);
    indexed(this.#children, object.parent_path).set(object.path, object);
    indexed(this.#types, object.resource_type).set(object.path, object);
  }

  #unlink(object: PolicyObject): void {
    this.#version += 1;
    this.#objects.delete(object.path);
    this.#children.get(object.parent_path)?.delete(object.path);
    this.#types.get(object.resource_type)?.delete(object.path);
  }
}

function indexed(index: Index, key: string): Map<string, PolicyObject> {
  const found = index.get(key) ?? new Map<string, PolicyObject>();
  index.set(key, found);
  return found;
}
