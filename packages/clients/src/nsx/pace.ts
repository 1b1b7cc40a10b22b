import { setTimeout as sleep } from 'node:timers/promises';
import { Gate } from '../http/gate.js';

/** What one client may ask of one NSX Manager, below the product's own 100 a second and 40 in flight. */
export const perSecond = 90;
export const inFlight = 32;

/** A gate that also lets no more than `rate` callers in within any second. */
export class PacedGate extends Gate {
  readonly #rate: number;
  readonly #now: () => number;
  /** When the last `rate` callers went in, or will. */
  readonly #entries: number[] = [];

  constructor(places = inFlight, rate = perSecond, now: () => number = () => performance.now()) {
    super(places);
    this.#rate = rate;
    this.#now = now;
  }

  override async enter(signal?: AbortSignal): Promise<() => void> {
    const leave = await super.enter(signal);
    try {
      await this.#turn(signal);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    const now = this.#now();
    const [oldest = Number.NEGATIVE_INFINITY] =
      this.#entries.length < this.#rate ? [] : this.#entries;
    const at = Math.max(now, oldest + 1000);
    if (this.#entries.length >= this.#rate) this.#entries.shift();
    this.#entries.push(at);
    if (at > now) await sleep(Math.ceil(at - now), undefined, signal ? { signal } : {});
  }
}

const gates = new Map<string, PacedGate>();

/** The one gate of this process to a manager and account: NSX counts all its connections together. */
export function gateTo(host: string, port: number, account: string): PacedGate {
  const key = `${account}@${host}:${port}`;
  const gate = gates.get(key) ?? new PacedGate();
  gates.set(key, gate);
  return gate;
}
