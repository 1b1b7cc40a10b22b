import type { Clock } from '../server/clock.js';
import type { Namespace, WcpWorld, WorldEvent } from './world.js';

/** What a world starts from. */
export interface WorldSettings {
  readonly clock: Clock;
  readonly configureMilliseconds: number;
  readonly domains: readonly string[];
  readonly clusterNames: ReadonlyMap<string, string>;
}

type Listener = (namespace: Namespace) => void;

interface Due {
  readonly at: number;
  readonly act: () => void;
}

/** A world with nothing in it, which goes on by its clock. */
export function openWorld(settings: WorldSettings): WcpWorld {
  const { clock } = settings;
  const listeners: Record<WorldEvent, Set<Listener>> = {
    namespace: new Set(),
    'namespace-gone': new Set(),
  };
  const timers = new Set<NodeJS.Timeout>();
  let waiting: Due[] = [];
  const supervisors: WcpWorld['supervisors'] = new Map();

  const settle = () => {
    const now = clock.now().getTime();
    const due = waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (due.length === 0) return;
    waiting = waiting.filter(({ at }) => at > now);
    for (const { act } of due) act();
  };
  return {
    ...settings,
    supervisors,
    namespaces: new Map(),
    storagePolicies: new Map(),
    vmClasses: new Map(),
    libraries: new Map(),
    registries: new Map(),
    services: new Map(),
    get workloadManagement() {
      return supervisors.size > 0;
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    emit(event, namespace) {
      for (const listener of listeners[event]) listener(namespace);
    },
    after(milliseconds, act) {
      waiting.push({ at: clock.now().getTime() + milliseconds, act });
      // The clock runs on by itself too, with nobody asking. One millisecond late is never early.
      const timer = setTimeout(() => {
        timers.delete(timer);
        settle();
      }, milliseconds + 1).unref();
      timers.add(timer);
    },
    settle,
    close() {
      waiting = [];
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
