import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.js';

test('does all the work in the order of the items, never more at a time than there are places', async () => {
  let now = 0;
  let most = 0;
  const items = Array.from({ length: 50 }, (_, at) => at);
  const doubled = await sideBySide(8, items, async (item) => {
    most = Math.max(most, ++now);
    await sleep(item % 3);
    now--;
    return item * 2;
  });
  expect(doubled).toEqual(items.map((item) => item * 2));
  expect(most).toBe(8);
});

test('begins nothing new after a failure, and throws it when nothing is under way any more', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = sideBySide(2, [1, 2, 3, 4, 5, 6], async (item) => {
    begun.push(item);
    await sleep(item);
    if (item === 1) throw new Error('first');
    await sleep(5);
    ended.push(item);
  });
  await expect(work).rejects.toThrow('first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});
