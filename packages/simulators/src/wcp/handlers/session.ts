import type { Handlers } from '../call.js';

/** Who is logged in; the doors themselves are in rest-face.ts. */
export const sessionHandlers: Handlers = {
  'GET /api/session': ({ session: { user, loggedIn, lastActive } }) => ({
    user: user.username,
    created_time: loggedIn.toISOString(),
    last_accessed_time: lastActive.toISOString(),
  }),
};
