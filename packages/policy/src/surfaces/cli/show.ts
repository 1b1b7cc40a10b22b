import type { Outcome } from '../../call.js';
import { errorOf } from '../mcp/error.js';
import type { SurfaceTool } from '../surface.js';
import type { CallOptions } from './call-options.js';
import { exitCodeOf } from './exit-codes.js';
import { render } from './render.js';
import { said } from './said.js';
import type { Terminal } from './terminal.js';

/** Writes an outcome and resolves to the exit code. */
export async function show(
  outcome: Outcome,
  tool: SurfaceTool,
  { output, json, isAsked, headers }: CallOptions,
  terminal: Pick<Terminal, 'data' | 'talk'>,
): Promise<number> {
  const format = json ? 'json' : output;
  // Whoever asked for JSON gets errors in it too; a command that prints JSON by itself talks like any other.
  const inJson = json || (isAsked && output === 'json');
  switch (outcome.status) {
    case 'done':
      terminal.data(await render(tool, outcome.output, format, { headers }));
      break;
    case 'preview':
      terminal.data(await showPlan(outcome, json || isAsked ? format : 'table'));
      break;
    case 'question':
      throw new TypeError('A terminal asks by itself');
    default:
      terminal.talk(inJson ? JSON.stringify({ error: errorOf(outcome) }, null, 2) : said(outcome));
  }
  return exitCodeOf(outcome, tool.exits);
}

async function showPlan(
  { plan, hint }: Extract<Outcome, { status: 'preview' }>,
  format: string,
): Promise<string> {
  if (format !== 'table' && format !== 'wide')
    return render({ columns: [] }, { action: 'preview', plan, hint }, format);
  const { describe } = await import('./change.js');
  const requests = plan.requests.map((request) => `  ${request}`);
  return `${[describe(plan), ...(requests.length > 0 ? ['Requests:', ...requests] : [])].join('\n')}\n`;
}
