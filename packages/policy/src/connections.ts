import type { Target } from './call.js';
import type { Connection, Toolset } from './toolset.js';

/** One connection per target, opened at first use and closed on the way out. */
export class Connections<Clients> {
  readonly #connect: Toolset<Clients>['connect'];
  readonly #open = new Map<string, Promise<Connection<Clients>>>();
  readonly #closing = new AbortController();

  constructor(connect: Toolset<Clients>['connect']) {
    this.#connect = connect;
  }

  /** The clients of a target. One attempt serves all who wait; a failed one is not kept. */
  async to(target: Target): Promise<Clients> {
    const found = this.#open.get(target.name);
    const opening = found ?? this.#connect(target, this.#closing.signal);
    if (!found) {
      this.#open.set(target.name, opening);
      opening.catch(() => this.#open.delete(target.name));
    }
    return (await opening).clients;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(all.map(async (opening) => (await opening).close()));
    this.#closing.abort();
  }
}
