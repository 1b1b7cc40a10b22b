import type { Outcome } from '../../call.js';
import type { How } from '../../request.js';
import { isDestructive, type Plan } from '../../tool.js';
import type { SurfaceTool } from '../surface.js';
import type { Terminal } from './terminal.js';

export interface Wish {
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** The name that a script says it means to destroy. */
  readonly confirm?: string;
}

type Answer = (how: Pick<How, 'dryRun' | 'confirmed' | 'consent' | 'canAsk'>) => Promise<Outcome>;

/**
 * How a terminal changes things: show the plan, ask y/N, for something destructive ask for its name too, then
 * do exactly that. `--yes` (and `--confirm <name>`) answers for a script; with nobody there it is a no.
 */
export async function change(
  tool: SurfaceTool,
  answer: Answer,
  wish: Wish,
  terminal: Terminal,
): Promise<Outcome> {
  const canAsk = terminal.isInteractive && !wish.yes;
  const preview = await answer({ dryRun: true, canAsk });
  if (preview.status !== 'preview' || wish.dryRun) return preview;
  terminal.talk(describe(preview.plan));
  if (preview.consent === undefined) return blocked(preview.plan);
  const refusal = canAsk
    ? await decline(tool, preview.plan, terminal)
    : missingFlag(tool, preview.plan, wish);
  if (refusal) return refusal;
  const outcome = await answer({
    dryRun: false,
    confirmed: true,
    canAsk,
    consent: { seal: preview.consent, by: canAsk ? 'human' : 'caller' },
  });
  return outcome.status === 'preview' ? changedMeanwhile(outcome.plan) : outcome;
}

/** What was agreed to is not what would be done by now. */
const changedMeanwhile = (plan: Plan): Outcome => ({
  status: 'refused',
  by: 'terminal',
  code: 'CONFLICT',
  message: `The plan changed while it was being agreed to. Nothing was changed. It is now:\n${describe(plan)}`,
  remedy: 'Run the command again to agree to that.',
});

/** The plan as a person reads it before agreeing. */
export function describe({ summary, changes, blast_radius, blockers, unmeasured }: Plan): string {
  const touched = blast_radius.total > 1 ? [`Touches ${blast_radius.total} objects.`] : [];
  return [
    summary,
    ...changes.map((change) => `  - ${change}`),
    ...touched,
    ...(blast_radius.reversible ? [] : ['This cannot be undone.']),
    ...blockers.map((blocker) => `Blocked: ${blocker}`),
    ...unmeasured.map((unknown) => `Unknown: ${unknown}`),
  ].join('\n');
}

async function decline(
  tool: SurfaceTool,
  plan: Plan,
  terminal: Terminal,
): Promise<Outcome | undefined> {
  const agreed = /^y(es)?$/i.test((await terminal.ask('Do it? [y/N] ')).trim());
  if (!agreed) return notDone();
  if (!isDestructive(tool, plan)) return undefined;
  const name = nameIn(plan);
  const typed = (await terminal.ask(`Type the name to confirm (${name}): `)).trim();
  return name !== '' && typed === name ? undefined : notDone();
}

function missingFlag(tool: SurfaceTool, plan: Plan, { yes, confirm }: Wish): Outcome | undefined {
  const name = nameIn(plan);
  const destroys = isDestructive(tool, plan);
  if (yes && (!destroys || (name !== '' && confirm === name))) return undefined;
  const flags = destroys ? `--yes --confirm ${quote(name)}` : '--yes';
  return {
    status: 'refused',
    by: 'terminal',
    code: 'NEEDS_YES',
    message:
      yes && confirm !== undefined
        ? `--confirm says ${quote(confirm)}, but this would change ${quote(name)}. Nothing was changed.`
        : 'Nobody is at a terminal to agree. Nothing was changed.',
    remedy: `Add ${flags} to do it, or --dry-run to see the plan only.`,
  };
}

const nameIn = ({ blast_radius }: Plan): string => blast_radius.objects[0]?.name ?? '';

const quote = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const notDone = (): Outcome => ({
  status: 'refused',
  by: 'terminal',
  code: 'DECLINED',
  message: 'Not agreed to. Nothing was changed.',
  remedy: 'Run the command again when you want it done.',
});

const blocked = ({ blockers, unmeasured }: Plan): Outcome => ({
  status: 'refused',
  by: 'plan',
  code: 'BLOCKED',
  message: [...blockers, ...unmeasured].join(' '),
  remedy: 'Resolve what is named above, then run the command again.',
});
