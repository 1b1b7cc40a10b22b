import type { Session } from '../vcenter/sessions.js';
import type { Found } from './catalogue.js';
import type { Fields } from './check.js';
import type { WcpWorld } from './world.js';

/** A call that is known, allowed and well-formed. */
export interface Call extends Pick<Found, 'ids'> {
  readonly world: WcpWorld;
  readonly session: Session;
  readonly query: Fields;
  /** Checked against the type of the operation; undefined where it takes none. */
  readonly body: unknown;
}

/** Answers a call; undefined is an answer without a body. Throws a VapiError to refuse. */
export type Handler = (call: Call) => unknown;

/** Handlers by the name of their operation. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The privilege that changes namespaces. */
export const configure = 'Namespaces.Configure';

/** The first id in the path. */
export const first = ({ ids: [id = ''] }: Call): string => id;

/** `alice@lab.test` as vSphere keeps it. */
export function principalOf({ user }: Session): { subject: string; domain: string } {
  const [subject = '', domain = ''] = user.username.split('@');
  return { subject, domain };
}

/** What a vCenter says in words: only the text is set. */
export const message = (text: string) => ({
  id: 'com.vmware.wcp.message',
  default_message: text,
  args: [],
});
