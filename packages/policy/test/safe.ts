import * as z from 'zod';
import { credential, defineToolset, toolsFor } from '../src/index.js';

/** A safe: coins go in and out of it, and it has a key. */
export interface Safe {
  coins: number;
  readonly key: string;
}

const defineTool = toolsFor<Safe>();

export const setCoins = defineTool({
  name: 'set_coins',
  usage: 'coins set',
  summary: 'Set how many coins are in the safe; fewer throws the others away.',
  effect: 'write',
  mayDestroy: true,
  risk: 'medium',
  level: 'power_ops',
  input: z.object({ count: z.int().describe('Coins.') }),
  output: z.object({ coins: z.int() }),
})
  .plan(async ({ count }, { coins }) => ({
    summary: `Set the coins from ${coins} to ${count}`,
    changes: [],
    requests: [`PUT coins ${count}`],
    blast_radius: {
      total: 1,
      objects: [{ type: 'safe', id: 'safe', name: 'safe' }],
      reversible: count >= coins,
    },
    blockers: [],
    unmeasured: [],
    ...(count < coins && { destroys: true as const }),
  }))
  .run(async ({ count }, safe) => {
    safe.coins = count;
    return { coins: safe.coins };
  });

export const getKey = defineTool({
  name: 'get_key',
  usage: 'key get',
  summary: 'Hand over the key of the safe.',
  effect: 'read',
  risk: 'medium',
  level: 'host_admin',
  format: 'text',
  columns: ['key_file'],
  input: z.object({}),
  output: z.object({ owner: z.string(), key_file: credential().nullable() }),
}).run(async (_input, { key }) => ({ owner: 'alice', key_file: key === '' ? null : key }));

export const safeAt = (safe: Safe) =>
  defineToolset<Safe>({
    name: 'safe',
    title: 'A safe',
    version: '1.0.0',
    instructions: 'Keeps.',
    targets: async () => {
      const lab = { name: 'lab', environment: 'lab' };
      return { list: () => [lab], find: () => lab };
    },
    connect: async () => ({ clients: safe, close: async () => {} }),
    groups: { coins: [setCoins], key: [getKey] },
  });
