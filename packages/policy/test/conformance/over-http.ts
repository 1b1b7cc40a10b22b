import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  type Server,
  type ServerNotifier,
} from '@modelcontextprotocol/server';
import { type Loopback, onLoopback } from './loopback.js';
import { Sessions } from './sessions.js';

export interface OverHttp extends Loopback {
  /** Tells the clients of 2026-07-28 that listen. */
  readonly notify: ServerNotifier;
}

/** Serves both revisions over streamable HTTP to local clients alone: Host and Origin are checked first. */
export async function overHttp(make: () => Server): Promise<OverHttp> {
  const modern = createMcpHandler(make, { legacy: 'reject' });
  const sessions = new Sessions(make);
  const loopback = await onLoopback(
    async (request) =>
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins()) ??
      ((await isLegacyRequest(request)) ? sessions.answer(request) : modern.fetch(request)),
  );
  return {
    url: loopback.url,
    notify: modern.notify,
    async [Symbol.asyncDispose]() {
      await modern.close();
      await sessions.close();
      await loopback[Symbol.asyncDispose]();
    },
  };
}
