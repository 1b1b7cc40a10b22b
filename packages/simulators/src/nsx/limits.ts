import { NsxError } from './nsx-error.js';

export interface LimitOptions {
  /** Requests of one account in a second, over all its connections; 100 when absent. */
  readonly perSecond?: number;
  /** Requests of one account at a time; 40 when absent. */
  readonly inFlight?: number;
  /** Requests of everybody at a time; 199 when absent. */
  readonly overall?: number;
  /** Sent as Retry-After with a refusal; no header when absent. */
  readonly retryAfterSeconds?: number;
}

interface Use {
  /** When the requests of the last second came, in milliseconds. */
  came: number[];
  inFlight: number;
}

/** Counts requests as NSX does, by account and not by connection, and refuses those that are too many. */
export class Limits {
  readonly options: Required<Omit<LimitOptions, 'retryAfterSeconds'>>;
  readonly retryAfterSeconds: number | undefined;
  readonly #uses = new Map<string, Use>();
  #overall = 0;
  /** The most requests one account sent in a second. */
  peakPerSecond = 0;
  /** The most requests that were being served at a time. */
  peakInFlight = 0;
  /** Requests that were refused: 429 and 503. */
  refused = 0;

  constructor({ retryAfterSeconds, ...options }: LimitOptions = {}) {
    this.options = { perSecond: 100, inFlight: 40, overall: 199, ...options };
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Admits a request of an account, or throws. The answer to call when it has been served. */
  enter(username: string): () => void {
    const use = this.#uses.get(username) ?? { came: [], inFlight: 0 };
    this.#uses.set(username, use);
    const now = performance.now();
    use.came = use.came.filter((at) => now - at < 1000);
    const { perSecond, inFlight, overall } = this.options;
    if (use.came.length >= perSecond)
      throw this.#refuse(
        429,
        102,
        `Client '${username}' exceeded request rate of ${perSecond} per second.`,
      );
    if (use.inFlight >= inFlight)
      throw this.#refuse(
        429,
        102,
        `Client '${username}' exceeded ${inFlight} concurrent requests.`,
      );
    if (this.#overall >= overall)
      throw this.#refuse(503, 101, 'The server is overloaded. Try again later.');
    use.came.push(now);
    use.inFlight += 1;
    this.#overall += 1;
    this.peakPerSecond = Math.max(this.peakPerSecond, use.came.length);
    this.peakInFlight = Math.max(this.peakInFlight, this.#overall);
    return () => {
      use.inFlight -= 1;
      this.#overall -= 1;
    };
  }

  #refuse(status: number, code: number, message: string): NsxError {
    this.refused += 1;
    return new NsxError(status, code, message, 'common-services');
  }
}
