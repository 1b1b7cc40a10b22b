import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ref } from '../inventory/entities.js';
import { readBody, writeBody } from '../server/body.js';
import { delay, type Failure, type Faults, preempt } from '../server/faults.js';
import type { VcenterVersion } from '../server/vcenter-version.js';
import { answer, changes } from './call.js';
import { type Call, decodeCall } from './decode.js';
import { type Dialect, Encoder } from './encode.js';
import { priorVersions } from './service-content.js';
import type { Session } from './sessions.js';
import { faultOf, invalidRequest, VimFault } from './vim-fault.js';
import type { World } from './world.js';
import { bodyOf } from './xml.js';

/** A request as it arrived. */
export interface Received {
  /** SOAP method, route of the REST API (`GET /api/cis/tagging/tag/{tag}`), or method and path of anything else. */
  readonly method: string;
  /** `VirtualMachine:vm-12`, or the id in a REST path; empty where there is none. */
  readonly on: string;
  /** Whether the method changes the inventory. */
  readonly changes: boolean;
  readonly at: Date;
  /** Cookie or id of the session it came with. */
  readonly session: string | undefined;
  /** Size of the body. */
  readonly bytes: number;
}

export interface FaceOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly dialect: Dialect;
  readonly secure: boolean;
  readonly received: (request: Received) => void;
}

const versions = (version: VcenterVersion): string => `<?xml version="1.0" encoding="UTF-8" ?>
<namespaces version="1.0">
 <namespace>
  <name>urn:vim25</name>
  <version>${version}.0</version>
  <priorVersions>
${priorVersions(version)
  .map((each) => `   <version>${each}</version>`)
  .join('\n')}
  </priorVersions>
 </namespace>
</namespaces>
`;

/** The SOAP API at /sdk. Every other path is 404. */
export class SoapFace {
  readonly #options: FaceOptions;
  readonly #encoder: Encoder;

  constructor(options: FaceOptions) {
    this.#options = options;
    this.#encoder = new Encoder(options.dialect);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0];
    const soap = path === '/sdk' || path === '/sdk/' || path === '/sdk/vimService';
    if (request.method === 'POST' && soap) return this.#serve(request, response);
    this.#note(`${request.method} ${path}`, undefined, request, 0);
    if (request.method === 'GET' && path === '/sdk/vimServiceVersions.xml')
      response.setHeader('content-type', 'text/xml').end(versions(this.#options.world.version));
    else response.writeHead(soap ? 405 : 404).end();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const xml = await readBody(request);
    if (xml === undefined) {
      response.writeHead(413).end();
      return;
    }
    response.setHeader('content-type', 'text/xml; charset=utf-8');
    response.setHeader('cache-control', 'no-cache');
    let call: Call;
    try {
      checkContentType(request);
      call = decodeCall(bodyOf(xml));
    } catch (error) {
      this.#note('unreadable', undefined, request, Buffer.byteLength(xml));
      return this.#refuse(response, error);
    }
    this.#note(call.method, call.on, request, Buffer.byteLength(xml));
    const rule = this.#options.faults.take(call.method, `${call.on.type}:${call.on.value}`);
    if (rule) await delay(rule);
    if (!rule?.then || !preempt(rule.then, response))
      await this.#act(call, rule?.then, request, response);
  }

  async #act(
    call: Call,
    failure: Failure | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      if (typeof failure === 'object' && 'fault' in failure)
        throw faultOf(failure.fault, call.on, failure.fields, failure.message);
      const value = await answer(call, this.#options.world, {
        cookie: cookieOf(request),
        agent: request.headers['user-agent'] ?? '',
        gone: gone.signal,
        outcome: outcomeOf(failure, call.on),
        loggedIn: (session) => this.#setCookie(response, session),
      });
      if (typeof failure === 'object' && 'drop' in failure) response.destroy();
      else
        await writeBody(
          response,
          this.#encoder.answer(call.method, value),
          typeof failure === 'object' && 'cutAfterBytes' in failure
            ? failure.cutAfterBytes
            : undefined,
        );
    } catch (error) {
      await this.#refuse(response, error);
    }
  }

  /** A fault is HTTP 500. What is no fault is a defect of the simulator, and says so. */
  async #refuse(response: ServerResponse, error: unknown): Promise<void> {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const fault =
      error instanceof VimFault
        ? error
        : new VimFault('SystemError', { reason: `The simulator failed: ${error}` });
    response.statusCode = 500;
    await writeBody(response, [this.#encoder.fault(fault)]);
  }

  #setCookie(response: ServerResponse, { cookie }: Session): void {
    const secure = this.#options.secure ? ' Secure;' : '';
    response.setHeader('set-cookie', `vmware_soap_session="${cookie}"; Path=/; HttpOnly;${secure}`);
  }

  #note(method: string, on: Ref | undefined, request: IncomingMessage, bytes: number): void {
    this.#options.received({
      method,
      on: on ? `${on.type}:${on.value}` : '',
      changes: changes(method),
      at: this.#options.world.clock.now(),
      session: cookieOf(request),
      bytes,
    });
  }
}

function outcomeOf(failure: Failure | undefined, on: Ref): VimFault | 'hangs' | undefined {
  if (failure === 'taskHangs') return 'hangs';
  if (typeof failure === 'object' && 'taskError' in failure)
    return faultOf(failure.taskError, on, failure.fields, failure.message);
  return undefined;
}

function checkContentType(request: IncomingMessage): void {
  if (!/^text\/xml\b/i.test(request.headers['content-type'] ?? ''))
    throw invalidRequest('The content type of a SOAP 1.1 request is text/xml.');
}

/** The session cookie, as it was set or without its quotes: Go's clients drop them. */
const cookieOf = ({ headers }: IncomingMessage): string | undefined =>
  /(?:^|;\s*)vmware_soap_session="?([0-9a-f]+)"?(?:;|$)/.exec(headers.cookie ?? '')?.[1];
