import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.js';
import { cookieOf, tokenOf } from './authenticate.js';
import { noSuchRoute } from './nsx-error.js';
import type { NsxSessions } from './sessions.js';

const create = '/api/session/create';
const destroy = '/api/session/destroy';

/** Whether a path is one of the two that are outside of the catalogue. */
export const isDoor = (path: string): boolean => path === create || path === destroy;

/** POST /api/session/create takes a form and gives a cookie and a token; /api/session/destroy takes them back. */
export function doorAnswer(
  request: IncomingMessage,
  path: string,
  text: string,
  sessions: NsxSessions,
): Answer {
  const { method, headers } = request;
  if (method !== 'POST') throw noSuchRoute(path);
  if (path === destroy) {
    sessions.logout(sessions.use(cookieOf(request) ?? '', tokenOf(request)));
    return { status: 200 };
  }
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    throw sessions.refused(403);
  const form = new URLSearchParams(text);
  const { id, token } = sessions.login(form.get('j_username') ?? '', form.get('j_password') ?? '');
  return {
    status: 200,
    headers: {
      'set-cookie': `JSESSIONID=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`,
      'x-xsrf-token': token,
    },
  };
}
