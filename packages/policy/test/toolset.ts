import * as z from 'zod';
import {
  defineToolset,
  type Inverse,
  longText,
  type Plan,
  pageOf,
  secret,
  toolsFor,
} from '../src/index.js';
import type { Counter } from './target.js';

type Shown = Counter & { readonly name: string };

/** The target said no, in words for a reader. */
class CounterRefused extends Error {
  readonly code: string;
  readonly remedy = 'Run `vmware-audit log` to see who else changes it.';
  readonly retryable = true;
  constructor(status: number, message: string) {
    super(message);
    this.code = status === 404 ? 'NOT_FOUND' : 'CONFLICT';
  }
}

/** A client of the counters of one target. An answer that is no answer is an error nobody should read. */
export class Counters {
  readonly #url: string;
  constructor(url: string) {
    this.#url = url;
  }
  list = (signal: AbortSignal) => this.#send<Shown[]>('GET', '', signal);
  get = (name: string, signal: AbortSignal) => this.#send<Shown>('GET', name, signal);
  change = (method: string, { name, tag = '', by = 0 }: Change, signal: AbortSignal) =>
    this.#send<Shown>(
      method,
      `${encodeURIComponent(name)}?tag=${encodeURIComponent(tag)}&by=${by}`,
      signal,
    );

  async #send<T>(method: string, path: string, signal: AbortSignal): Promise<T> {
    const response = await fetch(`${this.#url}/counters/${path}`, { method, signal });
    const body = (await response.json()) as T & { message: string };
    if (response.status === 404 || response.status === 409)
      throw new CounterRefused(response.status, body.message);
    if (!response.ok) throw new RangeError(body.message);
    return body;
  }
}

export interface Change {
  readonly name: string;
  readonly tag?: string | undefined;
  readonly by?: number | undefined;
}

const defineTool = toolsFor<Counters>();
const name = z.string().min(1).max(80).describe('Name of the counter.');
const tag = z.string().max(80).optional().describe('Tells this change from others.');
const shown = z.object({ name: z.string(), value: z.int().nullable(), note: longText() });

/** The note of a counter that only a person may change. */
export const precious = 'precious';

const planOf = (
  what: string,
  { name: id, value, note, locked }: Shown,
  request: string,
  reversible: boolean,
): Plan => ({
  summary: `${what} ${id} (${note})`,
  changes: [`${id} is ${value}`],
  requests: [request],
  blast_radius: { total: 1, objects: [{ type: 'counter', id, name: id }], reversible },
  blockers: locked ? [`${id} is locked.`] : [],
  unmeasured: value === null ? ['the value of the counter'] : [],
  ...(note === precious && { consent: 'human' }),
});

/** A counter that was at zero is put back by a reset, as long as it is where the raise left it. */
const backToZero = ({ name, by = 1 }: Change): Inverse => ({
  tool: 'reset_counter',
  input: { name },
  expects: { tool: 'get_counter', input: { name }, state: { value: by } },
});

const medium = { risk: 'medium', level: 'power_ops' } as const;
const low = { effect: 'read', risk: 'low', level: 'read_only' } as const;

/** Tools on counters, one for each kind of call. `timeout` is that of each tool, in milliseconds. */
export function countersAt(url: string, { timeout = 20_000 } = {}) {
  const listCounters = defineTool({
    ...low,
    timeout,
    name: 'list_counters',
    usage: 'counter list',
    summary: 'Lists the counters.',
    columns: ['name', 'value'],
    input: z.object({ limit: z.int().optional().describe('Rows.') }),
    output: pageOf(shown),
  }).run(async (_input, counters, { signal }) => {
    const items = await counters.list(signal);
    const { length } = items;
    return {
      items,
      returned: length,
      limit: null,
      total: length,
      truncated: false,
      next_cursor: null,
      hint: null,
    };
  });

  const getCounter = defineTool({
    ...low,
    timeout,
    name: 'get_counter',
    usage: 'counter get <name>',
    summary: 'Shows one counter.',
    input: z.object({ name }),
    output: shown,
  }).run(async (input, counters, { signal, progress }) => {
    const found = await counters.get(input.name, signal);
    progress({ done: 1, total: 1, message: found.note });
    return found;
  });

  const raiseCounter = defineTool({
    ...medium,
    timeout,
    name: 'raise_counter',
    usage: 'counter raise <name>',
    summary: 'Raises a counter.',
    effect: 'write',
    aliases: ['bump_counter'],
    input: z.object({
      name,
      tag,
      by: z.int().min(1).default(1).describe('How far.'),
      pin: secret().optional().describe('Of the one who raises it.'),
      labels: z
        .array(z.enum(['warm', 'cold']))
        .optional()
        .describe('Of the counter.'),
      checked: z.boolean().default(true).describe('Look before raising.'),
    }),
    output: shown,
  })
    .plan(async (input, counters, { signal }) => {
      const found = await counters.get(input.name, signal);
      const plan = planOf('Raise', found, `POST counter:${input.name}`, true);
      return found.value === 0 ? { ...plan, undo: backToZero(input) } : plan;
    })
    .run((input, counters, { signal }) => counters.change('POST', input, signal));

  const resetCounter = defineTool({
    ...medium,
    timeout,
    name: 'reset_counter',
    usage: 'counter reset <name>',
    summary: 'Sets a counter to zero.',
    effect: 'destroy',
    input: z.object({ name, tag }),
    output: shown,
  })
    .plan(async (input, counters, { signal }) =>
      planOf('Reset', await counters.get(input.name, signal), `PUT counter:${input.name}`, false),
    )
    .run((input, counters, { signal }) => counters.change('PUT', input, signal));

  const deleteCounter = defineTool({
    timeout,
    name: 'delete_counter',
    usage: 'counter delete <name>',
    summary: 'Deletes a counter.',
    effect: 'destroy',
    risk: 'critical',
    level: 'host_admin',
    input: z.object({ name, tag }),
    output: z.object({ name: z.string() }),
  })
    .plan(async (input, counters, { signal }) =>
      planOf(
        'Delete',
        await counters.get(input.name, signal),
        `DELETE counter:${input.name}`,
        false,
      ),
    )
    .run((input, counters, { signal }) => counters.change('DELETE', input, signal));

  const tools = { listCounters, getCounter, raiseCounter, resetCounter, deleteCounter };
  const environments = { lab: 'lab', prod: 'production' } as const;
  const all = Object.entries(environments).map(([id, environment]) => ({ name: id, environment }));
  const toolset = defineToolset<Counters>({
    name: 'counters',
    title: 'Counters on a loopback target',
    version: '1.2.3',
    instructions: 'Counts.',
    targets: async () => ({
      list: () => all,
      find: (wanted = 'lab') => {
        const found = all.find((target) => target.name === wanted);
        if (found) return found;
        throw Object.assign(new Error(`There is no target ${wanted}.`), {
          code: 'UNKNOWN_TARGET',
          remedy: 'Run `vmware-vsphere context list` to see the targets.',
        });
      },
    }),
    connect: async () => ({ clients: new Counters(url), close: async () => {} }),
    groups: {
      look: [listCounters, getCounter],
      change: [raiseCounter, resetCounter, deleteCounter],
    },
  });
  return { toolset, tools };
}
