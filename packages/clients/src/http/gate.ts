/** Lets at most `places` callers in at a time, in order of arrival. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves with the way out, to be called once. Rejects with the signal's reason when it fires first. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      const leaveLine = () => {
        this.#waiting.splice(this.#waiting.indexOf(myTurn), 1);
        fail(signal?.reason);
      };
      const myTurn = () => {
        signal?.removeEventListener('abort', leaveLine);
        done();
      };
      this.#waiting.push(myTurn);
      signal?.addEventListener('abort', leaveLine, { once: true });
    });
  }
}
