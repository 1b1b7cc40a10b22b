import type { Clock } from '../../server/clock.js';

interface Due {
  readonly at: number;
  readonly act: () => void | Promise<void>;
}

/** What the controllers will do, and when by the simulation's clock. Nothing happens until somebody looks. */
export class Agenda {
  readonly #clock: Clock;
  #due: Due[] = [];
  #now: number | undefined;
  #running: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time of what is being done, or else the clock's. */
  now(): Date {
    return this.#now === undefined ? this.#clock.now() : new Date(this.#now);
  }

  after(milliseconds: number, act: Due['act']): void {
    const at = this.now().getTime() + milliseconds;
    this.#due.push({ at, act });
    this.#due.sort((a, b) => a.at - b.at);
  }

  /** Does everything that is due by now, in order; two callers wait for the same run. */
  async settle(): Promise<void> {
    const next = this.#due[0];
    if (!this.#running && (!next || next.at > this.#clock.now().getTime())) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const next = this.#due[0];
      if (!next || next.at > this.#clock.now().getTime()) break;
      this.#due.shift();
      this.#now = next.at;
      try {
        await next.act();
      } finally {
        this.#now = undefined;
      }
    }
  }
}
