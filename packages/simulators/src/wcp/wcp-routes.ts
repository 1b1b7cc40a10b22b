import type {
  OpenPlace,
  RestAnswer,
  RestRequest,
  RestRoute,
  RestRoutes,
} from '../rest/rest-routes.js';
import { unauthorized, VapiError } from '../rest/vapi-error.js';
import type { VcenterVersion } from '../server/vcenter-version.js';
import { holds } from '../vcenter/privileges.js';
import type { Session } from '../vcenter/sessions.js';
import { type Found, findOperation, nameOf } from './catalogue.js';
import { checkQuery, checkValue, parseJson } from './check.js';
import { handlers } from './handlers/index.js';
import { invalidArgument } from './refusals.js';
import type { WcpWorld } from './world.js';

export interface WcpRoutesOptions {
  readonly world: WcpWorld;
  readonly version: VcenterVersion;
  readonly received: (request: RestRequest) => void;
  /** The login service, where the vCenter has one. */
  readonly login?: (authorization: string | undefined, body: string) => RestAnswer;
}

/**
 * The routes of Workload Management. What this vCenter's version does not have is no route; what an operation does not
 * take is 400; and an answer that the API does not have is a defect of the simulator, 500.
 */
export class WcpRoutes implements RestRoutes {
  readonly #options: WcpRoutesOptions;

  constructor(options: WcpRoutesOptions) {
    this.#options = options;
  }

  received(request: RestRequest): void {
    this.#options.received(request);
  }

  find(method: string, target: string): RestRoute | undefined {
    const [path = '', search = ''] = target.split(/\?(.*)/s);
    const found = findOperation(method, path, this.#options.version);
    if (!found) return undefined;
    return {
      name: nameOf(found.operation),
      id: found.ids.join('/'),
      changes: method !== 'GET',
      answer: (session, text) => this.#answer(found, search, session, text),
    };
  }

  findOpen(method: string, target: string): OpenPlace | undefined {
    const { login } = this.#options;
    if (!login || method !== 'POST' || target !== '/wcp/login') return undefined;
    return { name: `${method} ${target}`, answer: login };
  }

  #answer({ operation, ids }: Found, search: string, session: Session, text: string): RestAnswer {
    const { world, version } = this.#options;
    const name = nameOf(operation);
    const handler = handlers[name];
    if (!handler) throw new Error(`${name} has no handler`);
    const era = { version, newer: 'refused' } as const;
    const query = checkQuery(search, operation.query, era);
    const body = bodyOf(operation.body, text, (value, spec) => checkValue(value, spec, '', era));
    if (!(operation.privileges ?? []).every((each) => holds(session.user, each)))
      throw unauthorized();
    world.settle();
    const said = handler({ world, session, ids, query, body });
    if (operation.result === 'void') return { status: 204 };
    return { status: 200, body: this.#proved(name, said, operation.result) };
  }

  #proved(name: string, said: unknown, spec: string): unknown {
    try {
      return checkValue(said, spec, '', { version: this.#options.version, newer: 'dropped' });
    } catch (error) {
      if (!(error instanceof VapiError)) throw error;
      throw new Error(`${name} is not answered like this: ${error.message}`);
    }
  }
}

/** The body of a request, checked. An operation that takes none takes an empty object for none. */
function bodyOf(
  spec: string | undefined,
  text: string,
  check: (value: unknown, spec: string) => unknown,
): unknown {
  if (spec === undefined && text === '') return undefined;
  const value = parseJson(text);
  if (spec !== undefined) return check(value, spec);
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    return undefined;
  throw invalidArgument('Unexpected properties in the body of the request.');
}
