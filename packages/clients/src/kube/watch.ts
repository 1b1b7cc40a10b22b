import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, stopped } from '../http/errors.js';
import type { Response } from '../http/transport.js';
import { objectIn, unreadable } from './answer.js';
import { linesOf } from './lines.js';
import { targetOf } from './place.js';
import { refused } from './refused.js';
import { fieldsOf, statusOf } from './status.js';
import type { KubeObject, Resource, WatchEvent, Watched } from './types.js';

export interface Watching {
  readonly resource: Resource;
  readonly watched: Watched;
  /** Sends the GET and resolves when it was answered with success. */
  readonly open: (target: string) => Promise<Response>;
  /** For messages. */
  readonly what: string;
  readonly signal: AbortSignal | undefined;
}

/** A line holds one object: etcd takes 1.5 MiB of it, JSON makes that a little more. */
const longestLine = 8 * 1024 * 1024;
/** Seconds after which the server ends a connection: sooner than a silent one counts as lost. */
const perConnection = 100;
/** Connections that fail in a row, without an event between them, before the watch does. */
const mostFailures = 5;
const longestPause = 5_000;

/** What the connection of a quiet or restarting server ends with; anything else ends the watch. */
const passing = new Set(['CONNECTION_LOST', 'UNREACHABLE', 'TIMEOUT', 'BUSY']);

/**
 * Changes of a selection after a resourceVersion, one connection after the other; bookmarks only move it. Throws
 * EXPIRED where the server no longer knows the way from there, UPSTREAM for a line that is no event, CANCELLED or
 * TIMEOUT when the signal fires, and what five connections in a row failed with.
 */
export async function* changesOf(watching: Watching): AsyncGenerator<WatchEvent, void> {
  const { open, what, signal } = watching;
  let from = watching.watched.resourceVersion;
  let failures = 0;
  let quiet = 0;
  for (;;) {
    if (signal?.aborted) throw stopped(signal, what);
    try {
      const response = await open(targetFrom(watching, from));
      const tooLong = () => unreadable(what, `a line is longer than ${longestLine} bytes`);
      for await (const line of linesOf(response.body, longestLine, tooLong)) {
        const { type, object } = eventIn(line, what);
        from = object.metadata.resourceVersion ?? from;
        failures = 0;
        quiet = 0;
        if (type !== 'BOOKMARK') yield { type, object };
      }
    } catch (error) {
      if (signal?.aborted || !(error instanceof ApiError) || !passing.has(error.code)) throw error;
      failures += 1;
      if (failures >= mostFailures) throw error;
    }
    // A server that ends every connection at once is asked ever less often.
    quiet += 1;
    await pause(Math.min(50 * 2 ** Math.min(quiet - 1, 10), longestPause), what, signal);
  }
}

function targetFrom({ resource, watched }: Watching, resourceVersion: string): string {
  const { namespace, name, labelSelector, fieldSelector } = watched;
  if (name !== undefined) targetOf(resource, { namespace, name }); // in a selector it must not be more than a name
  const named = name === undefined ? undefined : `metadata.name=${name}`;
  return targetOf(
    resource,
    { namespace },
    {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion,
      timeoutSeconds: perConnection,
      labelSelector,
      fieldSelector: [named, fieldSelector].filter(Boolean).join(',') || undefined,
    },
  );
}

interface Told {
  readonly type: WatchEvent['type'] | 'BOOKMARK';
  readonly object: KubeObject;
}

function eventIn(line: string, what: string): Told {
  const { type, object } = fieldsOf(json(line));
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: objectIn(object, what) };
    case 'BOOKMARK':
      return { type, object: objectIn(object, what, { named: false }) };
    case 'ERROR': {
      const status = statusOf(object)?.code || 500;
      throw refused({ what, status, text: JSON.stringify(object ?? null), change: false });
    }
    default:
      throw unreadable(what, 'a line is no event');
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function pause(milliseconds: number, what: string, signal: AbortSignal | undefined) {
  try {
    await sleep(milliseconds, undefined, signal ? { signal } : {});
  } catch (reason) {
    throw signal ? stopped(signal, what) : reason;
  }
}
