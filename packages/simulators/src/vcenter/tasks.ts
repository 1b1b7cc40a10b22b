import { type Entity, type Ref, refOf } from '../inventory/entities.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Clock } from '../server/clock.js';
import type { User } from './privileges.js';
import type { DataObject } from './value.js';
import { VimFault } from './vim-fault.js';

export interface Task {
  readonly id: string;
  readonly method: string;
  readonly descriptionId: string;
  readonly entity: Ref;
  readonly entityName: string;
  readonly user: string;
  readonly queued: Date;
  readonly cancelable: boolean;
  state: 'queued' | 'running' | 'success' | 'error';
  progress?: number;
  started?: Date;
  completed?: Date;
  cancelled: boolean;
  result?: unknown;
  error?: VimFault;
}

/** What a task is to do. `work` runs at its end; a fault it throws becomes the task's error. */
export interface Order {
  readonly method: string;
  readonly descriptionId: string;
  readonly entity: Entity;
  readonly user: User;
  readonly cancelable?: boolean;
  readonly work: () => unknown;
  /** Set by a fault rule: fails with this instead of working, or never ends. */
  readonly outcome?: VimFault | 'hangs';
}

const remembered = 10 * 60_000;
const most = 200;

/** The tasks of one vCenter. Finished ones are forgotten after ten minutes. */
export class Tasks {
  readonly #inventory: Inventory;
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #tasks = new Map<string, Task>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #serial = 0;

  constructor(inventory: Inventory, clock: Clock, milliseconds: number) {
    this.#inventory = inventory;
    this.#clock = clock;
    this.#milliseconds = milliseconds;
  }

  get(id: string): Task | undefined {
    this.#forget();
    return this.#tasks.get(id);
  }

  /** Oldest first, 200 at most. */
  get recent(): Task[] {
    this.#forget();
    return [...this.#tasks.values()].slice(-most);
  }

  recentOf(entity: Entity): Ref[] {
    return this.recent.filter((task) => task.entity.value === entity.id).map(taskRef);
  }

  start(order: Order): Ref {
    this.#serial += 1;
    const busy = this.#runningOn(order.entity);
    const task: Task = {
      id: `task-${this.#serial}`,
      method: order.method,
      descriptionId: order.descriptionId,
      entity: refOf(order.entity),
      entityName: order.entity.name,
      user: order.user.username,
      queued: this.#clock.now(),
      cancelable: order.cancelable ?? order.outcome === 'hangs',
      state: 'queued',
      cancelled: false,
    };
    this.#tasks.set(task.id, task);
    this.#inventory.touch('TaskManager', true);
    const work = busy ? () => refuse(busy) : order.work;
    this.#run(task, { ...order, work });
    return taskRef(task);
  }

  cancel(task: Task): void {
    if (task.state === 'success' || task.state === 'error') throw new VimFault('InvalidState');
    if (!task.cancelable) throw new VimFault('NotSupported');
    task.cancelled = true;
    this.#finish(task, { error: new VimFault('RequestCanceled') });
  }

  /** Does something without a task, in the time a task would take: a guest shutting down. */
  later(work: () => void): void {
    this.#timer(this.#milliseconds, work);
  }

  /** Stops what still runs, without finishing it. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #run(task: Task, order: Order): void {
    const quarter = this.#milliseconds / 4;
    this.#after(quarter, task, () => {
      this.#update(task, { state: 'running', started: this.#clock.now(), progress: 0 });
      this.#after(quarter, task, () => {
        this.#update(task, { progress: 50 });
        if (order.outcome !== 'hangs') this.#after(2 * quarter, task, () => this.#end(task, order));
      });
    });
  }

  #end(task: Task, order: Order): void {
    try {
      if (order.outcome instanceof VimFault) throw order.outcome;
      this.#finish(task, { result: order.work() });
    } catch (error) {
      if (!(error instanceof VimFault)) throw error;
      this.#finish(task, { error });
    }
  }

  #finish(task: Task, end: { result?: unknown; error?: VimFault }): void {
    delete task.progress;
    this.#update(task, {
      ...end,
      state: end.error ? 'error' : 'success',
      completed: this.#clock.now(),
    });
  }

  #update(task: Task, fields: Partial<Task>): void {
    Object.assign(task, fields);
    this.#inventory.touch(task.id, false);
  }

  #after(milliseconds: number, task: Task, step: () => void): void {
    this.#timer(milliseconds, () => {
      if (!task.cancelled) step();
    });
  }

  #timer(milliseconds: number, step: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      step();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** The task that holds an object: one change at a time. */
  #runningOn(entity: Entity): Task | undefined {
    return [...this.#tasks.values()].find(
      (each) =>
        each.entity.value === entity.id && (each.state === 'queued' || each.state === 'running'),
    );
  }

  #forget(): void {
    const oldest = this.#clock.now().getTime() - remembered;
    for (const task of this.#tasks.values())
      if (task.completed && task.completed.getTime() < oldest) this.#tasks.delete(task.id);
  }
}

function refuse(busy: Task): never {
  throw new VimFault('TaskInProgress', { task: taskRef(busy) });
}

export const taskRef = (task: Task): Ref => ({ type: 'Task', value: task.id });

export const taskInfo = (task: Task): DataObject => ({
  key: task.id,
  task: taskRef(task),
  name: task.method,
  descriptionId: task.descriptionId,
  entity: task.entity,
  entityName: task.entityName,
  state: task.state,
  cancelled: task.cancelled,
  cancelable: task.cancelable,
  error: task.error?.localized,
  result: task.result,
  progress: task.progress,
  reason: { _type: 'TaskReasonUser', userName: task.user },
  queueTime: task.queued,
  startTime: task.started,
  completeTime: task.completed,
  eventChainId: Number(task.id.slice(5)),
});
