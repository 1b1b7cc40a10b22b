import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as z from 'zod';
import type { Event } from '../audit/event.js';
import { lastEvents } from '../audit/query.js';
import type { Limits } from '../authorities.js';
import type { Outcome } from '../call.js';
import { type Home, homeAt } from '../home.js';
import { type Governed, govern } from '../open.js';
import type { How } from '../request.js';
import type { Budget } from '../rules/settings.js';
import type { Tool } from '../tool.js';
import type { Toolset } from '../toolset.js';

export interface Harness<Clients> extends AsyncDisposable {
  readonly home: Home;
  readonly governed: Governed;
  call<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<Clients, In, Out>,
    input: z.input<In>,
    how?: Partial<How>,
  ): Promise<Outcome>;
  /** Agrees to a preview as a model does: the same call with its seal; where `how` can ask, as the person does. */
  agree<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<Clients, In, Out>,
    input: z.input<In>,
    preview: Outcome,
    how?: Partial<How>,
  ): Promise<Outcome>;
  /** Previews and agrees in one go. */
  change<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<Clients, In, Out>,
    input: z.input<In>,
    how?: Partial<How>,
  ): Promise<Outcome>;
  /** Every audit row so far. */
  audit(): Event[];
}

/** A test repeats itself. */
const noBreaker: Budget = { max: 1e9, milliseconds: 1 };

const noLimits: Limits = { take: () => ({ allowed: true, rule: '', reason: '', remedy: '' }) };

/** The real pipeline around a toolset, with a home of its own that goes with it. */
export function harness<Clients>(
  toolset: Toolset<Clients>,
  {
    dir,
    agent = 'test',
    limits = noLimits,
    runaway = noBreaker,
    env = {},
  }: {
    dir?: string;
    agent?: string;
    limits?: Limits;
    runaway?: Budget;
    env?: NodeJS.ProcessEnv;
  } = {},
): Harness<Clients> {
  const made = dir === undefined;
  const home = homeAt(dir ?? mkdtempSync(join(tmpdir(), 'vmware-home-')));
  const governed = govern(toolset, { home, env, agent: () => agent, limits, runaway });
  const call: Harness<Clients>['call'] = async (tool, input, how = {}) => {
    const outcome = governed.answer(tool.name, input, { surface: 'mcp', ...how });
    if (!outcome) throw new Error(`${tool.name} is not in the toolset`);
    return outcome;
  };
  const agree: Harness<Clients>['agree'] = (tool, input, preview, how = {}) => {
    if (preview.status !== 'preview' || preview.consent === undefined)
      throw new Error(`Nothing to agree to: ${JSON.stringify(preview)}`);
    const by = how.canAsk ? ('human' as const) : ('caller' as const);
    const consent = { seal: preview.consent, by };
    return call(tool, input, { dryRun: false, confirmed: true, consent, ...how });
  };
  return {
    home,
    governed,
    call,
    agree,
    change: async (tool, input, how) => agree(tool, input, await call(tool, input, how), how),
    audit: () => lastEvents(home, {}, 1_000_000).rows,
    async [Symbol.asyncDispose]() {
      await governed.close();
      if (made) rmSync(home.dir, { recursive: true, force: true });
    },
  };
}
