import { randomUUID } from 'node:crypto';
import type { Ref } from '../inventory/entities.js';
import { Collector } from './collector.js';
import { contentOf } from './content.js';
import type { Method, Request } from './method.js';
import { Filter } from './property-filter.js';
import { type FilterSpec, type Match, select } from './selection.js';
import type { Session, SessionObject } from './sessions.js';
import { invalidArgument } from './vim-fault.js';
import type { World } from './world.js';

/** Puts a new object into its session and answers the reference. */
export const keep = (session: Session, object: SessionObject): Ref => {
  session.objects.set(object.id, object);
  return { type: object.type, value: object.id };
};

/** Takes the object a request is about out of its session. */
export const forget = ({ session, on }: Request): void => {
  session.objects.get(on.ref.value)?.close?.();
  session.objects.delete(on.ref.value);
};

/** The collector a request is about. Everybody has one of their own behind `propertyCollector`. */
function collectorOf({ on, session, world }: Request): Collector {
  const known = session.objects.get(on.ref.value);
  if (known instanceof Collector) return known;
  const collector = new Collector(on.ref.value, world);
  keep(session, collector);
  return collector;
}

/** A page of a result; the rest waits under a token that is good once. */
function page(
  matches: readonly Match[],
  limit: number | undefined,
  world: World,
  session: Session | undefined,
): { token?: string; objects: Iterable<unknown> } {
  // maxObjects is what a client takes at most; a server may send less at a time.
  const size = Math.min(limit ?? matches.length, world.pageSize ?? matches.length);
  const rest = matches.slice(size);
  const token = rest.length > 0 && session ? randomUUID() : undefined;
  if (token) session?.pages.set(token, { rest, size });
  return { ...(token ? { token } : {}), objects: contents(matches.slice(0, size), world, session) };
}

function* contents(matches: readonly Match[], world: World, session: Session | undefined) {
  for (const match of matches) yield contentOf(match, world, session);
}

/** RetrievePropertiesEx. Also served without a live session: then every property is missing. */
export function retrieve(
  args: Request['args'],
  world: World,
  session: Session | undefined,
  views: Session | undefined,
): unknown {
  const limit = (args['options'] as { maxObjects?: number } | undefined)?.maxObjects;
  if (limit !== undefined && limit <= 0) throw invalidArgument('options.maxObjects');
  const specs = (args['specSet'] ?? []) as FilterSpec[];
  const matches = specs.flatMap((spec) => select(spec, world, views));
  return matches.length === 0 ? undefined : page(matches, limit, world, session);
}

const takePage = ({ args, session }: Request): { rest: Match[]; size: number } => {
  const token = String(args['token']);
  const waiting = session.pages.get(token) as { rest: Match[]; size: number } | undefined;
  if (!waiting) throw invalidArgument('token');
  session.pages.delete(token);
  return waiting;
};

export const collectorMethods: Readonly<Record<string, Method>> = {
  RetrievePropertiesEx: {
    of: 'PropertyCollector',
    run: ({ args, world, session }) => retrieve(args, world, session, session),
  },
  ContinueRetrievePropertiesEx: {
    of: 'PropertyCollector',
    run: (request) => {
      const { rest, size } = takePage(request);
      return page(rest, size, request.world, request.session);
    },
  },
  CancelRetrievePropertiesEx: {
    of: 'PropertyCollector',
    run: (request) => void takePage(request),
  },
  CreatePropertyCollector: {
    of: 'PropertyCollector',
    run: ({ world, session }) =>
      keep(session, new Collector(`session[${session.key}]${randomUUID()}`, world)),
  },
  DestroyPropertyCollector: {
    of: 'PropertyCollector',
    run: (request) => {
      for (const filter of collectorOf(request).filters) request.session.objects.delete(filter.id);
      forget(request);
    },
  },
  CreateFilter: {
    of: 'PropertyCollector',
    run: (request) => {
      const collector = collectorOf(request);
      const spec = request.args['spec'] as FilterSpec;
      const filter = new Filter(collector, spec, request.world, request.session);
      collector.add(filter);
      return keep(request.session, filter);
    },
  },
  DestroyPropertyFilter: { of: 'PropertyFilter', run: forget },
  WaitForUpdatesEx: {
    of: 'PropertyCollector',
    run: (request) => {
      const { args, world, session, gone } = request;
      const options = (args['options'] ?? {}) as {
        maxWaitSeconds?: number;
        maxObjectUpdates?: number;
      };
      const { maxWaitSeconds = Number.POSITIVE_INFINITY, maxObjectUpdates } = options;
      if (maxWaitSeconds < 0) throw invalidArgument('options.maxWaitSeconds');
      const limit = maxObjectUpdates ?? Number.POSITIVE_INFINITY;
      if (limit <= 0) throw invalidArgument('options.maxObjectUpdates');
      const version = String(args['version'] ?? '');
      return collectorOf(request).wait(world, session, version, maxWaitSeconds, limit, gone);
    },
  },
  CancelWaitForUpdates: {
    of: 'PropertyCollector',
    run: (request) => collectorOf(request).cancel(),
  },
};
