import { request } from 'node:https';
import type { NsxSimulation } from '../src/index.js';

/** An answer as it came. */
export interface NsxAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body read as JSON; empty when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at, not relied on
  readonly json: any;
  readonly text: string;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is text, as JSON otherwise. */
  readonly body?: unknown;
  /** Client certificate and key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A client that knows nothing: it sends paths as they are, and the headers of its session once it has one. */
export class NsxWire {
  readonly #simulation: NsxSimulation;
  headers: Record<string, string> = {};

  constructor(simulation: NsxSimulation) {
    this.#simulation = simulation;
  }

  /** Logs in, with the simulation's credentials when there are no others. */
  static async enter(
    simulation: NsxSimulation,
    credentials = simulation.credentials,
  ): Promise<NsxWire> {
    const wire = new NsxWire(simulation);
    const answer = await wire.login(credentials.username, credentials.password);
    if (answer.status !== 200) throw new Error(`The login was answered with ${answer.status}`);
    return wire;
  }

  async login(username: string, password: string): Promise<NsxAnswer> {
    const body = new URLSearchParams({ j_username: username, j_password: password }).toString();
    const answer = await this.send('POST', '/api/session/create', {
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const [cookie] = [answer.headers['set-cookie']].flat();
    if (cookie)
      this.headers = {
        cookie: cookie.split(';')[0] ?? '',
        'x-xsrf-token': String(answer.headers['x-xsrf-token']),
      };
    return answer;
  }

  /** Below /policy/api/v1 when the path does not say otherwise. Rejects when the connection ends without a whole answer. */
  send(
    method: string,
    path: string,
    { headers, body, certificate }: Sent = {},
  ): Promise<NsxAnswer> {
    const { host, port, ca } = this.#simulation;
    const whole = /^\/(api|policy|global-manager)\//.test(path) ? path : `/policy/api/v1${path}`;
    return new Promise((resolve, reject) => {
      const sent = request({
        host,
        port,
        method,
        path: whole,
        ca,
        agent: false,
        ...certificate,
        headers: { 'content-type': 'application/json', ...this.headers, ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            json: text === '' ? {} : JSON.parse(text),
            text,
          });
        });
      });
      sent.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
    });
  }

  get = (path: string, sent?: Sent) => this.send('GET', path, sent);
  put = (path: string, body: unknown, sent?: Sent) => this.send('PUT', path, { ...sent, body });
  patch = (path: string, body: unknown, sent?: Sent) => this.send('PATCH', path, { ...sent, body });
  post = (path: string, body: unknown, sent?: Sent) => this.send('POST', path, { ...sent, body });
  delete = (path: string, sent?: Sent) => this.send('DELETE', path, sent);
}

export const domain = '/infra/domains/default';
export const groups = `${domain}/groups`;
export const policies = `${domain}/security-policies`;
