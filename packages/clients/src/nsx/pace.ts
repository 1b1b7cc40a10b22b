import { setTimeout as sleep } from 'node:timers/promises';
import { Gate } from '../http/gate.js';

/** What one client may ask of one NSX Manager, below the product's own 100 a second and 40 in flight. */
export const perSecond = 90;
export const inFlight = 32;

/**
 * A gate that also counts time: at most `rate` callers are in, or went out within the last second. Since a request
 * reaches the manager between its way in and its way out, the manager sees no more than that in any second,
 * however late one arrives.
 */
export class PacedGate extends Gate {
  readonly #rate: number;
  #inside = 0;
  /** When those who went out stop counting, first to last. */
  readonly #cooling: number[] = [];

  constructor(places = inFlight, rate = perSecond) {
    super(places);
    this.#rate = rate;
  }

  override async enter(signal?: AbortSignal): Promise<() => void> {
    const leave = await super.enter(signal);
    try {
      await this.#turn(signal);
    } catch (error) {
      leave();
      throw error;
    }
    let out = false;
    return () => {
      if (out) return;
      out = true;
      this.#inside -= 1;
      this.#cooling.push(performance.now() + 1000);
      leave();
    };
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const now = performance.now();
      while ((this.#cooling[0] ?? now + 1) <= now) this.#cooling.shift();
      const [next = now] = this.#cooling;
      if (this.#inside + this.#cooling.length < this.#rate) break;
      await sleep(Math.ceil(next - now), undefined, signal ? { signal } : {});
    }
    this.#inside += 1;
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
