import type { Session } from '../vcenter/sessions.js';
import type { Received } from '../vcenter/soap-face.js';

/** An answer of the REST API: a status, and JSON when there is a body. */
export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
}

/** A request at the REST API as it arrived. */
export interface RestRequest extends Received {
  /** The request target as it was sent, with its query. */
  readonly target: string;
  /** The body as it was sent; undefined when it was too large to read. */
  readonly body: string | undefined;
}

/** A route of the REST API that needs a session, and where it was called. */
export interface RestRoute {
  /** As it is recorded and matched by faults: `PATCH /api/vcenter/namespaces/instances/{}`. */
  readonly name: string;
  /** The ids in the path, joined with `/`. */
  readonly id: string;
  readonly changes: boolean;
  /** Throws a VapiError to refuse. */
  answer(session: Session, body: string): RestAnswer;
}

/** A place outside /api that lets callers in by itself: no session is asked for. */
export interface OpenPlace {
  /** As it is recorded and matched by faults: `POST /wcp/login`. */
  readonly name: string;
  answer(authorization: string | undefined, body: string): RestAnswer;
}

/** Routes of a product that the REST API serves beside its own. */
export interface RestRoutes {
  /** The route of a request; undefined when it is none of these. */
  find(method: string, target: string): RestRoute | undefined;
  /** The place outside /api that a request is for; undefined when there is none. */
  findOpen(method: string, target: string): OpenPlace | undefined;
  /** Told of every request at the REST API, whichever route it was. */
  received(request: RestRequest): void;
}
