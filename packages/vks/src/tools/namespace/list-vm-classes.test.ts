import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listVmClasses } from './list-vm-classes.js';

test('VM classes are told with CPUs, memory and what they reserve', async () => {
  await using at = await lab();
  const { items } = await read(at, listVmClasses, {});
  expect(items.find(({ id }) => id === 'best-effort-large')).toEqual({
    id: 'best-effort-large',
    cpu_count: 4,
    memory_mb: 16_384,
    cpu_reservation_pct: null,
    memory_reservation_pct: null,
    gpu_count: 0,
  });
  expect(items.find(({ id }) => id === 'guaranteed-small')).toMatchObject({
    cpu_reservation_pct: 100,
    memory_reservation_pct: 100,
  });
});
