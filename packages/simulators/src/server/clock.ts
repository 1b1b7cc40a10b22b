/** The simulation's time: real time plus what a test has skipped. Sessions and lock-outs age by it; tasks take real time. */
export class Clock {
  #skipped = 0;

  now(): Date {
    return new Date(Date.now() + this.#skipped);
  }

  /** Jumps ahead. */
  advance(milliseconds: number): void {
    this.#skipped += milliseconds;
  }
}
