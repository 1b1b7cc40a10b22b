import { setImmediate } from 'node:timers/promises';
import { ApiError, stopped } from '../http/errors.js';
import { SessionLost } from '../http/session.js';
import type { Vim, Within } from './client.js';
import { explain, explainLocalized } from './faults.js';
import type { LocalizedFault, Ref } from './types.js';

export interface AwaitTask {
  /** Ends the waiting, never the task. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((step: { done: number; total: number }) => void) | undefined;
}

/** Seconds one WaitForUpdatesEx may hang. */
const hang = 20;
const paths = ['info.state', 'info.progress', 'info.error', 'info.result'];

/**
 * Waits for a task and returns its `info.result`. Throws the task's own error; when the waiting ends
 * before the task (signal, lost connection), an ApiError with effect `unknown` that names the task.
 * All tasks of a connection share one WaitForUpdatesEx loop.
 */
export function awaitTask<T = unknown>(vim: Vim, task: Ref, options: AwaitTask = {}): Promise<T> {
  let waiter = waiters.get(vim);
  if (!waiter) {
    waiter = new TaskWaiter(vim);
    waiters.set(vim, waiter);
  }
  return waiter.add(task, options) as Promise<T>;
}

const waiters = new WeakMap<Vim, TaskWaiter>();

interface Waiting {
  readonly task: Ref;
  readonly state: Record<string, unknown>;
  readonly progress: AwaitTask['progress'];
  readonly done: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

interface UpdateSet {
  readonly version: string;
  readonly filterSet?: readonly {
    readonly objectSet?: readonly {
      readonly kind: string;
      readonly obj: Ref;
      readonly changeSet?: readonly { readonly name: string; readonly val?: unknown }[];
      readonly missingSet?: readonly { readonly fault: LocalizedFault }[];
    }[];
    readonly missingSet?: readonly { readonly obj: Ref }[];
  }[];
}

class TaskWaiter {
  readonly #vim: Vim;
  readonly #waiting = new Set<Waiting>();
  /** Ends the request that hangs, when who waits for what has changed. */
  #change = new AbortController();
  #running = false;
  /** How often in a row the collector was gone before it had reported anything. */
  #orphaned = 0;

  constructor(vim: Vim) {
    this.#vim = vim;
    vim.closing.addEventListener('abort', () => this.#change.abort(), { once: true });
  }

  add(task: Ref, { signal, progress }: AwaitTask): Promise<unknown> {
    return new Promise((done, fail) => {
      const giveUp = () => {
        waiting.fail(unknown(task, this.#vim, signal && stopped(signal, `Task ${task.value}`)));
        this.#waiting.delete(waiting);
        if (this.#waiting.size === 0) this.#change.abort();
      };
      const settle =
        <V>(how: (value: V) => void) =>
        (value: V) => {
          signal?.removeEventListener('abort', giveUp);
          how(value);
        };
      const waiting: Waiting = {
        task,
        state: {},
        progress,
        done: settle(done),
        fail: settle(fail),
      };
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiting);
      if (this.#running) this.#change.abort();
      else void this.#run();
    });
  }

  /** Runs while somebody waits. Ends by settling everybody, whatever happens. */
  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#waiting.size) {
        await setImmediate(); // tasks started together are watched together
        this.#change = new AbortController();
        if (this.#vim.closing.aborted) this.#change.abort();
        const { signal } = this.#change;
        try {
          await this.#vim.read((within) => this.#watch(within), { signal });
        } catch (error) {
          const expected = signal.aborted || (isOrphaned(error) && this.#orphaned++ < 3);
          if (!expected || this.#vim.closing.aborted) throw error;
        }
      }
    } catch (error) {
      for (const waiting of this.#waiting) waiting.fail(unknown(waiting.task, this.#vim, error));
      this.#waiting.clear();
    } finally {
      this.#running = false;
    }
  }

  /**
   * One private PropertyCollector with a filter for each task. A new collector for each new set of tasks:
   * a server need not report a filter that was added while a wait hangs.
   */
  async #watch(within: Within): Promise<void> {
    const { propertyCollector } = within.content;
    const collector = await within.call<Ref>('CreatePropertyCollector', propertyCollector);
    try {
      for (const waiting of this.#waiting) await this.#filter(within, collector, waiting);
      let version = '';
      while (this.#waiting.size) {
        const updates = await within.call<UpdateSet | undefined>('WaitForUpdatesEx', collector, {
          version,
          options: { maxWaitSeconds: hang },
        });
        if (!updates) continue;
        version = updates.version;
        this.#orphaned = 0;
        this.#apply(updates);
      }
    } finally {
      await this.#vim.tidy(within, 'DestroyPropertyCollector', collector);
    }
  }

  async #filter(within: Within, collector: Ref, waiting: Waiting): Promise<void> {
    try {
      await within.call<Ref>('CreateFilter', collector, {
        spec: {
          propSet: [{ type: 'Task', all: false, pathSet: paths }],
          objectSet: [{ obj: waiting.task, skip: false }],
        },
        partialUpdates: false,
      });
    } catch (error) {
      const reason = explain(error);
      if (!(reason instanceof ApiError) || reason.code !== 'NOT_FOUND') throw error;
      this.#settle(waiting, () => waiting.fail(unknown(waiting.task, this.#vim, reason)));
    }
  }

  #apply({ filterSet = [] }: UpdateSet): void {
    const gone = filterSet.flatMap(({ missingSet = [] }) => missingSet.map(({ obj }) => obj.value));
    for (const { kind, obj, changeSet = [], missingSet = [] } of filterSet.flatMap(
      ({ objectSet = [] }) => objectSet,
    )) {
      if (missingSet.some(({ fault }) => fault.fault?.$type === 'NotAuthenticated'))
        throw new SessionLost();
      if (kind === 'leave') gone.push(obj.value);
      for (const waiting of this.#waiting) {
        if (waiting.task.value !== obj.value) continue;
        for (const { name, val } of changeSet) waiting.state[name] = val;
        this.#look(waiting);
      }
    }
    for (const waiting of this.#waiting)
      if (gone.includes(waiting.task.value))
        this.#settle(waiting, () => waiting.fail(unknown(waiting.task, this.#vim)));
  }

  #look(waiting: Waiting): void {
    const { state, progress } = waiting;
    const percent = state['info.progress'];
    if (typeof percent === 'number') progress?.({ done: percent, total: 100 });
    if (state['info.state'] === 'success')
      this.#settle(waiting, () => waiting.done(state['info.result']));
    else if (state['info.state'] === 'error')
      this.#settle(waiting, () => waiting.fail(failed(waiting)));
  }

  #settle(waiting: Waiting, how: () => void): void {
    this.#waiting.delete(waiting);
    how();
  }
}

/** A wait that a server ends along with the session or collector it belonged to. */
const isOrphaned = (error: unknown): boolean =>
  error instanceof ApiError &&
  ['RequestCanceled', 'ManagedObjectNotFound'].includes(String(error.details?.['fault']));

/** The task ran and said no. What it had done by then, vCenter has undone or says. */
function failed({ task, state }: Waiting): ApiError {
  const error = explainLocalized((state['info.error'] ?? {}) as LocalizedFault);
  return new ApiError(error.code, error.message, {
    remedy: error.remedy,
    retryable: error.retryable,
    details: { ...error.details, task: task.value },
    cause: error,
  });
}

/** Nobody knows how the task ends, or has ended. */
function unknown(task: Ref, vim: Vim, reason?: unknown): ApiError {
  const because = reason instanceof Error ? `: ${reason.message}` : '';
  const code = reason instanceof ApiError ? reason.code : 'TASK_UNKNOWN';
  const check = `vmware-${vim.endpoint.product} task list`;
  return new ApiError(
    code === 'NOT_FOUND' ? 'TASK_UNKNOWN' : code,
    `The task ${task.value} was started, but how it ends is not known${because}`,
    {
      remedy: `Run ${check} to see how the task ${task.value} ended.`,
      effect: 'unknown',
      details: { task: task.value, check },
      cause: reason,
    },
  );
}
