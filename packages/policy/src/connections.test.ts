import { expect, test } from 'vitest';
import { Connections } from './connections.js';

const lab = { name: 'lab', environment: 'lab' };
const prod = { name: 'prod', environment: 'production' };

/** Connections whose clients are numbers, counted from 1; the attempts named in `failing` fail. */
function counted(failing: readonly number[] = []) {
  const seen = { opened: 0, closed: [] as number[] };
  const connections = new Connections<number>(async () => {
    seen.opened += 1;
    const clients = seen.opened;
    await new Promise((resolve) => setImmediate(resolve));
    if (failing.includes(clients)) throw new Error(`Attempt ${clients} failed`);
    return { clients, close: async () => void seen.closed.push(clients) };
  });
  return { connections, seen };
}

test('all who wait for a target share one attempt, and each target has its own', async () => {
  const { connections, seen } = counted();
  const all = await Promise.all([lab, lab, prod, lab].map((target) => connections.to(target)));
  expect(all).toEqual([1, 1, 2, 1]);
  expect(await connections.to(lab)).toBe(1);
  await connections.close();
  expect(seen).toEqual({ opened: 2, closed: [1, 2] });
});

test('an attempt that failed fails for all who waited and is not kept', async () => {
  const { connections, seen } = counted([1]);
  const both = await Promise.allSettled([connections.to(lab), connections.to(lab)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await connections.to(lab)).toBe(2);
  await connections.close();
  expect(seen.closed).toEqual([2]);
});

test('closing waits for what is being opened and survives what never opened', async () => {
  const { connections, seen } = counted([2]);
  const opening = connections.to(lab);
  const failing = connections.to(prod).catch(() => 0);
  await connections.close();
  expect([await opening, await failing]).toEqual([1, 0]);
  expect(seen.closed).toEqual([1]);
});
