import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../server/body.js';
import { delay, type Faults, preempt } from '../server/faults.js';
import { type Answer, writeAnswer } from './answer.js';
import { type Api, type Asked, answerOf, understood } from './api.js';
import type { Logins } from './logins.js';
import { methodOf, strangeParameters } from './route.js';
import { Watch } from './watch.js';

/** One request as an API server received it. */
export interface KubeRequest {
  /** Without names: `PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}`. */
  readonly method: string;
  /** Which API server: a Supervisor's name, or `namespace/name` of a guest cluster. */
  readonly server: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly body: string;
  readonly contentType: string | undefined;
  /** Whether it is one that changes anything: a dry run and a login do not. */
  readonly changes: boolean;
  /** Who sent it, as far as it was known. */
  readonly user: string | undefined;
  readonly at: Date;
  /** Query parameters that the real API server would silently ignore. */
  readonly strange: readonly string[];
}

export interface KubeFaceOptions {
  readonly name: string;
  readonly api: Api;
  readonly faults: Faults;
  readonly requests: KubeRequest[];
  /** The login service, where there is one. */
  readonly logins?: Logins;
}

/** One API server as it is reached over HTTP: requests are recorded and go wrong as the faults say. */
export class KubeFace {
  readonly #options: KubeFaceOptions;

  constructor(options: KubeFaceOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { api, faults, requests, name: server } = this.#options;
    const text = await readBody(request);
    await api.settle();
    const { method = '', url = '' } = request;
    const asked = understood(request, api);
    const caller = api.authenticate(request);
    const name = methodOf(method, asked.path, asked.place);
    requests.push({
      method: name,
      server,
      target: url,
      body: text ?? '',
      contentType: request.headers['content-type'],
      changes: doesChange(method, asked, text),
      user: caller?.name,
      at: api.clock.now(),
      strange: asked.path.startsWith('/wcp/') ? [] : strangeParameters(asked.query, asked.verb),
    });
    const rule = faults.take(name, asked.path);
    if (rule) await delay(rule);
    if (rule?.then && preempt(rule.then, response)) {
      if (rule.then === 'hang' && !response.destroyed)
        await new Promise<void>((resolve) => response.once('close', () => resolve()));
      return;
    }
    if (caller || asked.path === '/wcp/login') await api.prepare?.(asked, text ?? '');
    const answer =
      this.#options.logins?.answer(method, asked.path, request.headers.authorization, text ?? '') ??
      this.#answer(request, asked, text, caller);
    const failure = rule?.then;
    if (!(answer instanceof Watch)) return writeAnswer(response, answer, failure);
    const cut =
      typeof failure === 'object' && 'cutAfterBytes' in failure ? failure.cutAfterBytes : undefined;
    await answer.stream(response, cut);
  }

  /** What is no refusal is a defect of the simulator, and says so. */
  #answer(
    ...asked: [IncomingMessage, Asked, string | undefined, ReturnType<Api['authenticate']>]
  ): Answer | Watch {
    try {
      return answerOf(this.#options.api, ...asked);
    } catch (error) {
      return { status: 500, text: `The simulator failed: ${(error as Error).stack}` };
    }
  }
}

function doesChange(method: string, { place, query }: Asked, text: string | undefined): boolean {
  if (!place || method === 'GET') return false;
  // The options of a DELETE with a body are in the body, and what its query says of them is nothing.
  if (method === 'DELETE' && text?.trim()) return !/"dryRun"\s*:\s*\[\s*"All"\s*\]/.test(text);
  return !query.getAll('dryRun').includes('All');
}
