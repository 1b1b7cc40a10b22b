import type { Asked } from './random-requests.js';
import type { FileForm } from './rules-data.js';
import { isOpenInUtc } from './utc-windows.js';

type Json = string | number | boolean | Json[] | { [key: string]: Json };

/** A request as a Cedar context. The rules are needed for their windows, which are decided here. */
export function contextOf({ rules }: FileForm, { question, at }: Asked): Record<string, Json> {
  const { tool, target, roles, size, rates } = question;
  return {
    tool: tool.name,
    ...(tool.aliases?.[0] === undefined ? {} : { alias: tool.aliases[0] }),
    effect: tool.effect,
    risk: tool.risk,
    ...(target.name ? { target: target.name.normalize('NFC') } : {}),
    ...(target.environment ? { environment: target.environment.normalize('NFC') } : {}),
    ...(roles ? { roles: [...roles] } : {}),
    ...(size === undefined || Number.isNaN(size) ? {} : { size }),
    planless: question.when === 'before' && tool.effect !== 'read',
    rates: Object.fromEntries(rates),
    input: typed(question.input),
    open: rules.flatMap(({ id, when, unless }) => [
      ...(when?.window && isOpenInUtc(when.window, at) ? [`${id} when`] : []),
      ...(unless?.window && isOpenInUtc(unless.window, at) ? [`${id} unless`] : []),
    ]),
  };
}

function typed(value: unknown): Json {
  if (typeof value === 'string') return { text: value.normalize('NFC') };
  if (typeof value === 'boolean') return { truth: value };
  if (typeof value === 'number') return Number.isNaN(value) ? { nan: true } : { number: value * 4 };
  if (Array.isArray(value)) {
    const [first, second] = value.map(typed);
    return { list: true, ...(first && { first }), ...(second && { second }) };
  }
  return value === null || typeof value !== 'object'
    ? { null: true }
    : { record: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typed(one)])) };
}
