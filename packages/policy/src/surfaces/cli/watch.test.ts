import { expect, test } from 'vitest';
import { scripted } from '../../../test/terminal.js';
import { countersAt } from '../../../test/toolset.js';
import type { Outcome } from '../../call.js';
import { describe } from '../docs/describe.js';
import type { CallOptions } from './call-options.js';
import { watch } from './watch.js';

const [tool] = describe(countersAt('http://127.0.0.1:1').toolset).tools;

const done = (value: number): Outcome => ({
  status: 'done',
  output: { items: [{ name: 'red', value }], hint: null },
});
const failed = (code: string): Outcome => ({
  status: 'failed',
  code,
  message: `It is ${code}.`,
  remedy: 'Wait.',
});

const plain: CallOptions = {
  output: 'table',
  isAsked: false,
  json: false,
  headers: true,
  quiet: false,
  watch: true,
  follow: false,
  interval: 2,
  dryRun: false,
  yes: false,
};

/** Watches these outcomes and is interrupted after the last: what was written, and how long it waited each time. */
async function watched(outcomes: Outcome[], options: Partial<CallOptions> = {}, clears = false) {
  if (!tool) throw new Error('There is no tool.');
  const { terminal, said } = scripted();
  const stop = new AbortController();
  const pauses: number[] = [];
  const exit = await watch(
    async () => outcomes.shift() ?? Promise.reject(new Error('Nobody looks any more.')),
    tool,
    { ...plain, ...options },
    { ...terminal, clears },
    {
      title: 'vmware-counters counter list',
      signal: stop.signal,
      now: () => new Date(2026, 0, 1, 12, 30, 5),
      pause: async (ms) => {
        pauses.push(ms / 1000);
        if (outcomes.length === 0) stop.abort();
      },
    },
  );
  return { exit, pauses, ...said };
}

test('where nothing can be cleared answers follow one another, and Ctrl-C ends with 130', async () => {
  expect(await watched([done(1), done(2)])).toMatchObject({
    exit: 130,
    talk: '',
    data: 'NAME   VALUE\nred    1\n\nNAME   VALUE\nred    2\n',
    pauses: [2, 2],
  });
});

test('JSON lines are a stream: nothing stands between them', async () => {
  const { data } = await watched([done(1), done(2)], { output: 'jsonl' });
  expect(data).toBe('{"name":"red","value":1}\n{"name":"red","value":2}\n');
});

test('a terminal is cleared for each answer, with what and when above it', async () => {
  const { data } = await watched([done(1), done(2)], {}, true);
  const pages = data.split('\u001b[H\u001b[2J\u001b[3J');
  expect(pages.slice(1)).toEqual(
    [1, 2].map(
      (value) =>
        `Every 2 s: vmware-counters counter list   12:30:05\n\nNAME   VALUE\nred    ${value}\n`,
    ),
  );
});

test('an error is shown and tried again, ever later up to 30 s, until there is an answer', async () => {
  const lost = Array.from({ length: 6 }, () => failed('CONNECTION_LOST'));
  const { exit, pauses, talk } = await watched([...lost, done(1), failed('TIMEOUT'), done(2)]);
  expect(exit).toBe(130);
  expect(pauses).toEqual([4, 8, 16, 30, 30, 30, 2, 4, 2]);
  expect(talk.match(/\[CONNECTION_LOST\]/g)).toHaveLength(6);
});

test('an interval above 30 s is kept when there are errors', async () => {
  const { pauses } = await watched([done(1), failed('TIMEOUT'), done(2)], { interval: 60 });
  expect(pauses).toEqual([60, 60, 60]);
});

test.each([
  ['INVALID_INPUT', 2],
  ['AUTH_FAILED', 4],
  ['PERMISSION_DENIED', 5],
])('%s will not be otherwise next time: it ends with %i', async (code, exit) => {
  expect(await watched([done(1), failed(code), done(2)])).toMatchObject({ exit, pauses: [2] });
});

test('an answer with an exit code of its own is an answer like any other', async () => {
  if (!tool) throw new Error('There is no tool.');
  const { terminal } = scripted();
  const stop = new AbortController();
  let looks = 0;
  const exit = await watch(
    async () => ({ status: 'done', output: { verdict: 'incomplete' } }),
    { ...tool, exits: { field: 'verdict', codes: { incomplete: 2 } } },
    plain,
    terminal,
    {
      title: '',
      signal: stop.signal,
      pause: async () => {
        looks += 1;
        if (looks === 2) stop.abort();
      },
    },
  );
  expect({ exit, looks }).toEqual({ exit: 130, looks: 2 });
});
