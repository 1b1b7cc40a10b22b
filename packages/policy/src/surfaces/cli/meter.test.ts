import { expect, test } from 'vitest';
import { lineOf, meter } from './meter.js';

test.each([
  [{ done: 0, total: 100 }, '[>                       ]   0 %'],
  [{ done: 45, total: 100, message: 'X_Task' }, '[===========>            ]  45 % X_Task'],
  [{ done: 5, total: 5 }, '[========================] 100 %'],
  [{ done: 9, total: 5 }, '[========================] 100 %'],
  [{ done: 0 }, '| Working'],
  [{ done: 3, message: 'Waiting for nodes' }, '| 3 Waiting for nodes'],
  [{ done: 1, total: 0 }, '| 1 Working'],
])('%j is drawn as "%s"', (step, line) => {
  expect(lineOf(step, '|')).toBe(line);
});

const clear = '\r\u001b[K';

test('a terminal is drawn over, never wider than it is, and left empty', () => {
  const drawn: string[] = [];
  const bar = meter({ live: 'drawn', columns: 20, draw: (text) => void drawn.push(text) });
  bar.step({ done: 1, total: 2, message: 'X_Task' });
  bar.step({ done: 2, total: 2, message: 'X_Task' });
  bar.end();
  expect(drawn).toEqual([`${clear}[============>     `, `${clear}[==================`, clear]);
});

test('what ends before there was anything to draw leaves nothing', () => {
  const drawn: string[] = [];
  const bar = meter({ live: 'drawn', draw: (text) => void drawn.push(text) });
  bar.begin();
  bar.end();
  expect(drawn).toEqual([]);
});

test('a terminal that cannot draw gets a line now and then, and no terminal nothing', () => {
  const said: string[] = [];
  const talk = (line: string) => void said.push(line);
  let time = 0;
  const dumb = meter({ live: 'lines', talk }, () => time);
  for (const seconds of [1, 9, 10, 11, 19, 21]) {
    time = seconds * 1000;
    dumb.step({ done: seconds, total: 100 });
  }
  expect(said.map((line) => line.trim().slice(-4))).toEqual(['10 %', '21 %']);
  const nobody = meter({ talk, draw: talk });
  nobody.begin();
  nobody.step({ done: 1 });
  nobody.end();
  expect(said).toHaveLength(2);
});
