import { type Event, hashOf } from '../audit/event.js';
import { eventsOf, undoingsOf } from '../audit/query.js';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import type { Inverse } from '../tool.js';

/** A change that was made and can be taken back. */
export interface Undoable {
  readonly operation: string;
  readonly skill: string;
  readonly tool: string;
  readonly target: string;
  readonly summary: string;
  readonly inverse: Inverse;
  /** How often it was tried before, and failed. */
  readonly attempts: number;
}

interface Intent {
  readonly undo?: string;
  readonly plan?: { readonly summary?: string };
}

/** What the log says about taking an operation back. Throws NOT_FOUND, or NOT_UNDOABLE with the reason. */
export function undoable(home: Home, operation: string): Undoable {
  const rows = eventsOf(home, operation);
  const intent = rows.find(({ phase }) => phase === 'intent');
  if (rows.length === 0)
    throw new Refusal(
      'NOT_FOUND',
      `No row has the operation or seq "${operation}".`,
      'Run `vmware-audit log --status ok -o wide` to see the operations.',
    );
  if (!intent) throw not(operation, 'it changed nothing');
  if (Buffer.compare(hashOf(intent), intent.hash) !== 0)
    throw not(operation, `row ${intent.seq} does not match its hash: it was changed`);
  const outcome = rows.find(({ phase }) => phase === 'outcome' || phase === 'in_doubt');
  if (outcome?.status !== 'ok') throw not(operation, whyNot(outcome));
  const { undo, plan } = JSON.parse(intent.body) as Intent;
  if (undo === undefined) throw not(operation, `${intent.tool} cannot be taken back by a call`);
  const undoings = undoingsOf(home, intent.op_id);
  const again = undoings.find((undoing) => !hasFailed(home, undoing));
  if (again) throw not(operation, `operation ${again} took it back already`);
  return {
    operation: intent.op_id,
    skill: intent.skill,
    tool: intent.tool,
    target: intent.target,
    summary: plan?.summary ?? intent.tool,
    inverse: JSON.parse(undo) as Inverse,
    attempts: undoings.length,
  };
}

const whyNot = (outcome: Event | undefined): string => {
  if (outcome === undefined) return 'it has no outcome yet';
  if (outcome.status === 'failed') return 'it failed';
  return 'nobody knows whether it happened';
};

/** One that did not fail took it back, may have, or is about to. */
const hasFailed = (home: Home, undoing: string): boolean =>
  eventsOf(home, undoing).some(({ phase, status }) => phase === 'outcome' && status === 'failed');

const not = (operation: string, why: string) =>
  new Refusal(
    'NOT_UNDOABLE',
    `Operation ${operation} cannot be undone: ${why}.`,
    `Run \`vmware-audit show ${operation}\` to see what was done.`,
  );
