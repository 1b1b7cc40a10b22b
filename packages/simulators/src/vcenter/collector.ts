import type { Filter } from './property-filter.js';
import type { Session, SessionObject } from './sessions.js';
import type { DataObject } from './value.js';
import { VimFault } from './vim-fault.js';
import type { World } from './world.js';

/** A property collector: its filters, its version, and the one request that may be waiting on it. */
export class Collector implements SessionObject {
  readonly type = 'PropertyCollector';
  readonly id: string;
  readonly filters: Filter[] = [];
  #version = 0;
  #last: { from: string; set: DataObject } | undefined;
  #wake: ((cancelled?: boolean) => void) | undefined;
  readonly #ignore: () => void;

  constructor(id: string, world: World) {
    this.id = id;
    this.#ignore = world.inventory.onChange(({ id, structural }) => {
      for (const filter of this.filters) filter.touch(id, structural);
      this.#wake?.();
    });
  }

  add(filter: Filter): void {
    this.filters.push(filter);
    this.#wake?.();
  }

  drop(filter: Filter): void {
    const at = this.filters.indexOf(filter);
    if (at >= 0) this.filters.splice(at, 1);
  }

  close(): void {
    this.#ignore();
    this.#wake?.(true);
  }

  cancel(): void {
    this.#wake?.(true);
  }

  /**
   * Answers what changed since `version`, at once or when it happens; `undefined` when `seconds` pass first.
   * Throws RequestCanceled when cancelled, InvalidCollectorVersion for a version it never gave out.
   */
  async wait(
    world: World,
    session: Session,
    version: string,
    seconds: number,
    limit: number,
    gone: AbortSignal,
  ): Promise<DataObject | undefined> {
    this.#wake?.(true); // a collector serves one wait: a new one replaces the old
    if (version === '') for (const filter of this.filters) filter.restart();
    else if (this.#last && version === this.#last.from) return this.#last.set;
    else if (version !== String(this.#version)) throw new VimFault('InvalidCollectorVersion');

    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const filterSet = this.#collect(world, session, limit);
      if (filterSet.length > 0) return this.#publish(version, filterSet);
      const left = deadline - Date.now();
      if (left <= 0 || gone.aborted) return undefined;
      await this.#change(left, gone);
    }
  }

  #collect(world: World, session: Session, limit: number): DataObject[] {
    let left = limit;
    return this.filters.flatMap((filter) => {
      const objectSet = left > 0 ? filter.updates(world, session, left) : [];
      left -= objectSet.length;
      return objectSet.length > 0 ? [{ filter: filter.ref, objectSet }] : [];
    });
  }

  #publish(from: string, filterSet: DataObject[]): DataObject {
    this.#version += 1;
    const set: DataObject = {
      version: String(this.#version),
      filterSet,
      truncated: this.filters.some(({ pending }) => pending),
    };
    this.#last = { from, set };
    return set;
  }

  #change(milliseconds: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (cancelled = false) => {
        clearTimeout(timer);
        gone.removeEventListener('abort', stop);
        this.#wake = undefined;
        if (cancelled) reject(new VimFault('RequestCanceled'));
        else resolve();
      };
      const stop = () => done();
      const timer = setTimeout(done, Math.min(milliseconds, 2 ** 31 - 1), false);
      gone.addEventListener('abort', stop);
      this.#wake = done;
    });
  }
}
