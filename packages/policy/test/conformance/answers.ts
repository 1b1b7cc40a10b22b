import {
  type CallToolResult,
  type GetPromptResult,
  type InputRequiredResult,
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';
import type { Outcome } from '../../src/index.js';
import { type Block, said } from './said.js';

type Or<Result> = Result | InputRequiredResult;

/** The MCP content that a fixture said; undefined for an outcome that our own server maps. */
export function toolAnswer(outcome: Outcome): Or<CallToolResult> | undefined {
  if (outcome.status !== 'done') return tampered(outcome);
  const content = heard(outcome);
  return Array.isArray(content) ? { content } : content;
}

export function promptAnswer(outcome: Outcome): Or<GetPromptResult> {
  const content = heard(outcome);
  return Array.isArray(content)
    ? { messages: content.map((block) => ({ role: 'user', content: block })) }
    : content;
}

export function resourceAnswer(outcome: Outcome): ReadResourceResult {
  const content = heard(outcome);
  if (!Array.isArray(content)) throw new TypeError('A resource asks nothing');
  return {
    contents: content.flatMap((block) => (block.type === 'resource' ? [block.resource] : [])),
  };
}

/** What was said, or what is asked first. An outcome that says neither is an error of the protocol. */
export function heard(outcome: Outcome): Block[] | InputRequiredResult {
  if (outcome.status !== 'done')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, JSON.stringify(outcome));
  const { content, asks, state } = said.parse(outcome.output);
  if (content) return content;
  const result: unknown = {
    resultType: 'input_required',
    inputRequests: asks,
    ...(state === undefined ? {} : { requestState: state }),
  };
  if (!isInputRequiredResult(result)) throw new TypeError('A fixture said nothing');
  return result;
}

/** A state that is not ours is an error of the protocol, as the specification has it. */
function tampered(outcome: Outcome): undefined {
  if (outcome.status === 'failed' && outcome.code === 'TAMPERED_STATE')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, outcome.message);
}
