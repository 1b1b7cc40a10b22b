import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { Outcome } from '../../call.js';
import { defuse, fence } from '../../sanitize/mark.js';
import type { SurfaceTool } from '../surface.js';
import { compact } from './compact.js';
import { errorOf } from './error.js';

/** An outcome as MCP says it: structured content for programs, and beside it a fenced, compact text for models. */
export function resultOf(tool: SurfaceTool, outcome: Outcome): CallToolResult {
  switch (outcome.status) {
    case 'done':
      return {
        content: [text(compact(tool, outcome.output))],
        structuredContent: { ...outcome.output },
      };
    case 'preview': {
      const { plan, consent, expires_at, hint } = outcome;
      const preview = {
        action: 'preview',
        plan,
        ...(consent === undefined ? {} : { consent }),
        ...(expires_at === undefined ? {} : { expires_at }),
        hint,
      };
      return { content: [text(preview)], structuredContent: preview };
    }
    case 'question':
      throw new TypeError('A question is put to a person, not shown to a model');
    default:
      return { content: [text({ error: errorOf(outcome) })], isError: true };
  }
}

const text = (value: unknown) => ({ type: 'text' as const, text: fence(JSON.stringify(value)) });

/** A question about a plan, put to the person behind the client. Its words come from the server's facts. */
export function questionOf(outcome: Extract<Outcome, { status: 'question' }>): InputRequiredResult {
  const { summary, changes, blast_radius } = outcome.plan;
  const many = blast_radius.total > 1 ? `\nThis touches ${blast_radius.total} objects.` : '';
  const forGood = blast_radius.reversible ? '' : '\nIt cannot be undone.';
  return {
    resultType: 'input_required',
    inputRequests: {
      consent: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          // Words that are harmless one by one may join to an imitation of the fence.
          message: defuse(`${[summary, ...changes].join('\n- ')}${many}${forGood}`),
          requestedSchema: {
            type: 'object',
            properties: { agree: { type: 'boolean', title: 'Do it', default: false } },
            required: ['agree'],
          },
        },
      },
    },
    requestState: outcome.consent,
  };
}
