import * as z from 'zod';
import type { Plan } from './tool.js';

/** The path of a raw request, as a tool's input. */
export const rawPath = z.string().min(1).max(4000).describe('Path of the API, with its query.');

/** Whatever an API answers. A raw request is the one tool whose output is not an allow-list. */
export const rawOutput = z.looseObject({});

/** Fields as they came, a list as `items`, anything else as `value`. */
export function rawAnswer(body: unknown): z.input<typeof rawOutput> {
  if (Array.isArray(body)) return { items: body };
  return typeof body === 'object' && body !== null ? { ...body } : { value: body ?? null };
}

/** The plan of a request that only its author understands: a person agrees to it, and nothing can take it back. */
export const rawPlan = (method: string, path: string, request: string): Plan => ({
  summary: `Send ${method} ${path} as it is`,
  changes: ['what it changes is not known to this program, and it is not looked at first'],
  requests: [request],
  blast_radius: {
    total: 1,
    objects: [{ type: 'request', id: path, name: path }],
    reversible: false,
  },
  blockers: [],
  unmeasured: [],
  consent: 'human',
});
