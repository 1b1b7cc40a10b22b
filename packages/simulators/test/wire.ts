import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { Simulation } from '../src/index.js';

/** Where to connect, and as whom. */
export type Endpoint = Pick<Simulation, 'url' | 'host' | 'port' | 'ca' | 'credentials'>;

/** An answer as it came: status, headers, the whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A client that knows nothing: it sends the XML it is given and keeps the cookie it gets. */
export class Wire {
  readonly #simulation: Endpoint;
  cookie: string | undefined;

  constructor(simulation: Endpoint) {
    this.#simulation = simulation;
  }

  /** Sends an HTTP request. Rejects when the connection ends without a whole answer. */
  send(
    method: string,
    path: string,
    body = '',
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { url, host, port, ca } = this.#simulation;
    const request = url.startsWith('https') ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request({
        host,
        port,
        path,
        method,
        ca,
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          ...(this.cookie ? { cookie: this.cookie } : {}),
          ...headers,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const set = response.headers['set-cookie']?.[0];
          if (set) this.cookie = set.split(';')[0];
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      sent.end(body);
    });
  }

  /** Sends what stands in a SOAP body. */
  soap(inner: string): Promise<Answer> {
    return this.send(
      'POST',
      '/sdk',
      `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><e:Body>${inner}</e:Body></e:Envelope>`,
      { soapaction: 'urn:vim25/8.0.3.0' },
    );
  }

  /** Calls a method on an object: `call('PowerOnVM_Task', 'VirtualMachine:vm-12')`. */
  call(method: string, on: string, inner = ''): Promise<Answer> {
    return this.soap(`<${method} xmlns="urn:vim25">${moref('_this', on)}${inner}</${method}>`);
  }

  login(credentials = this.#simulation.credentials): Promise<Answer> {
    const { username, password } = credentials;
    return this.call(
      'Login',
      'SessionManager:SessionManager',
      `<userName>${username}</userName><password>${password}</password>`,
    );
  }

  /** Calls a `_Task` method and answers the task's end: `success`, or the type of its error. */
  async task(method: string, on: string, inner = ''): Promise<string> {
    const started = await this.call(method, on, inner);
    const id = /<returnval type="Task">([^<]+)</.exec(started.body)?.[1];
    if (!id) return faultType(started.body) ?? started.body;
    for (;;) {
      const { body } = await this.retrieve('Task', `Task:${id}`, ['info.state', 'info.error']);
      if (body.includes('>success<')) return 'success';
      if (body.includes('>error<')) return /<fault xsi:type="(\w+)"/.exec(body)?.[1] ?? body;
    }
  }

  /** Reads properties of one object. */
  retrieve(type: string, on: string, paths: readonly string[], options = ''): Promise<Answer> {
    return this.call(
      'RetrievePropertiesEx',
      'PropertyCollector:propertyCollector',
      `<specSet><propSet><type>${type}</type>${paths
        .map((path) => `<pathSet>${path}</pathSet>`)
        .join(
          '',
        )}</propSet><objectSet>${moref('obj', on)}</objectSet></specSet><options>${options}</options>`,
    );
  }
}

/** `<name type="VirtualMachine">vm-12</name>` */
export const moref = (name: string, on: string): string => {
  const cut = on.indexOf(':');
  return `<${name} type="${on.slice(0, cut)}">${on.slice(cut + 1)}</${name}>`;
};

/** The type of the fault in an answer, if there is one. */
export const faultType = (body: string): string | undefined =>
  /<detail><\w+Fault xmlns="urn:vim25" xsi:type="(\w+)"/.exec(body)?.[1];
