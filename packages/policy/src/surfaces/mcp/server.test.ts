import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { lab } from '../../../test/lab.js';
import { describe } from '../docs/index.js';
import { mcpServer } from './server.js';

/** The error of the protocol that reading this URI ends with. */
async function errorFor(uri: string): Promise<unknown> {
  await using at = await lab();
  const { server } = mcpServer(describe(at.toolset), async () => at.governed);
  const client = new Client({ name: 'test', version: '0' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  const error = await client.readResource({ uri }).catch((thrown: unknown) => thrown);
  await client.close();
  return error;
}

test('a resource that does not exist is invalid params, and the error says which', async () => {
  expect(await errorFor('counter://none')).toMatchObject({
    code: -32602,
    message: expect.stringContaining('No resource counter://none'),
    data: { uri: 'counter://none' },
  });
});

test('the URI of a resource that does not exist comes back without its hidden characters', async () => {
  expect(await errorFor('counter://no\u200Bne\u202E')).toMatchObject({
    data: { uri: 'counter://none' },
  });
});
