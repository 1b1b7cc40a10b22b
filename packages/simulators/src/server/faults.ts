import type { ServerResponse } from 'node:http';

/** What a fault says: its fields, and another sentence beside it than the product's own. */
interface Told {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** What goes wrong with a request. */
export type Failure =
  /** The connection closes without an answer; the request has, or has not, been acted on. */
  | { readonly drop: 'before-acting' | 'after-acting' }
  /** An HTTP answer from a proxy or an overloaded server; nothing is done. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** A fault instead of acting: `{fault: 'NotAuthenticated'}`. */
  | ({ readonly fault: string } & Told)
  /** Acted on; the answer ends in the middle. */
  | { readonly cutAfterBytes: number }
  /** Neither acted on nor answered, until the simulation ends. */
  | 'hang'
  /** The task is accepted and fails in the end with this fault, having changed nothing. */
  | ({ readonly taskError: string } & Told)
  /** The task is accepted and runs for ever, or until cancelled. */
  | 'taskHangs';

/** A fault as data. The first rule that matches a request and is not used up applies. */
export interface FaultRule {
  readonly match?: {
    /** SOAP method, or a route of the REST API: `GET /api/cis/tagging/tag/{tag}`. Any when absent. */
    readonly method?: string;
    /** `VirtualMachine:vm-12`, or the id in a REST path; any when absent. */
    readonly on?: string;
    /** Only from the nth matching request on, counted from 1. */
    readonly nth?: number;
  };
  /** How often it applies: once when absent, `Infinity` for always. */
  readonly times?: number;
  /** Waited before anything else; alone it only slows the request. */
  readonly delayMilliseconds?: number;
  readonly then?: Failure;
}

interface Counted {
  readonly rule: FaultRule;
  seen: number;
  used: number;
}

/** The faults of one simulation, in order. */
export class Faults {
  #rules: Counted[] = [];

  add(...rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, seen: 0, used: 0 })));
  }

  clear(): void {
    this.#rules = [];
  }

  /** Takes the rule for a request, using it up by one. */
  take(method: string, on: string): FaultRule | undefined {
    for (const counted of this.#rules) {
      const { match, times = 1 } = counted.rule;
      if (match?.method !== undefined && match.method !== method) continue;
      if (match?.on !== undefined && match.on !== on) continue;
      counted.seen += 1;
      if (counted.seen < (match?.nth ?? 1) || counted.used >= times) continue;
      counted.used += 1;
      return counted.rule;
    }
    return undefined;
  }
}

/** Waits as a rule says. */
export const delay = async ({ delayMilliseconds = 0 }: FaultRule): Promise<void> => {
  if (delayMilliseconds > 0) await new Promise((done) => setTimeout(done, delayMilliseconds));
};

/** Does what a failure does instead of acting; false when the request is to be acted on. */
export function preempt(failure: Failure, response: ServerResponse): boolean {
  if (failure === 'hang') return true;
  if (failure === 'taskHangs') return false;
  if ('drop' in failure && failure.drop === 'before-acting') {
    response.destroy();
    return true;
  }
  if (!('status' in failure)) return false;
  response.writeHead(failure.status, failure.headers).end(failure.body);
  return true;
}
