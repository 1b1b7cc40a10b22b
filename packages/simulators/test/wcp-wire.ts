import { openSite, type Site, type SiteOptions } from '../src/wcp/open-site.js';
import { Wire } from './wire.js';

/** An answer with its body read as JSON; undefined when there is none. */
export interface WcpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at, not relied on
  readonly json: any;
}

export const root = '/api/vcenter/namespaces/instances';
export const management = '/api/vcenter/namespace-management';
export const supervisorA = '3a5c0de0-0000-4000-8000-000000000001';
export const gold = '10000000-0000-4000-8000-000000000001';

/** A client that knows nothing: it sends what it is given with the id of its session, once it has one. */
export class WcpWire {
  readonly #wire: Wire;
  session: string | undefined;

  constructor({ vcenter }: Pick<Site, 'vcenter'>) {
    this.#wire = new Wire(vcenter);
  }

  async login(username: string, password = 'Simulated-1!'): Promise<WcpAnswer> {
    const secret = Buffer.from(`${username}:${password}`).toString('base64');
    const answer = await this.send('POST', '/api/session', undefined, {
      authorization: `Basic ${secret}`,
    });
    if (answer.status === 201) this.session = answer.json;
    return answer;
  }

  /** Sends a body as it is when it is text, as JSON otherwise. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<WcpAnswer> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.#wire.send(method, path, text, {
      'content-type': 'application/json',
      ...(this.session !== undefined && { 'vmware-api-session-id': this.session }),
      ...headers,
    });
    return {
      status: answer.status,
      json: answer.body === '' ? undefined : JSON.parse(answer.body),
    };
  }

  get = (path: string): Promise<WcpAnswer> => this.send('GET', path);
}

/** A vCenter and somebody logged in to it: the administrator when nobody is named. */
export async function enter(options: SiteOptions = {}, username = 'administrator@vsphere.local') {
  const site = await openSite(options);
  const wire = new WcpWire(site);
  await wire.login(username);
  /** A caller of their own for another account. */
  const as = async (name: string) => {
    const other = new WcpWire(site);
    await other.login(name);
    return other;
  };
  return {
    ...site,
    wire,
    as,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

/** Type and words of a refusal. */
export const said = ({ status, json }: WcpAnswer): unknown[] => [
  status,
  json?.error_type,
  json?.messages?.[0]?.default_message,
];
