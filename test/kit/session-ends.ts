import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Outcome } from '@vmware/policy';
import { expect, vi } from 'vitest';
import type { Bundle } from './bundle.js';

/** A target and how its sessions stand. */
export interface Sessions {
  readonly logins: number;
  readonly failedLogins: number;
  readonly open: number;
}

export interface Served {
  readonly server: Bundle;
  readonly env: Readonly<Record<string, string>>;
  /** A read that asks the target something. */
  readonly tool: string;
  sessions(): Sessions;
}

/** How a server is ended: its client goes away, or somebody tells it to stop. */
export const ends = ['stdin closed', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const calls = 1_000;
const atOnce = 20;

/** Makes 1,000 calls to a server in a process of its own, ends it, and expects one login and no session left. */
export async function expectNoSessionLeft(
  { server, env, tool, sessions }: Served,
  end: (typeof ends)[number],
): Promise<void> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [server.file],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'sessions', version: '1' });
  await client.connect(transport);
  let left = calls;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const { isError, content } = await client.callTool({ name: tool, arguments: {} });
      expect(isError, JSON.stringify(content)).not.toBe(true);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  expect(sessions()).toMatchObject({ logins: 1, failedLogins: 0, open: 1 });
  const ended = new Promise<void>((resolve) => {
    client.onclose = resolve;
  });
  if (end === 'stdin closed') await client.close();
  else process.kill(transport.pid ?? 0, end);
  await ended;
  await vi.waitFor(() => expect(sessions()).toMatchObject({ logins: 1, open: 0 }), 5_000);
}

/** Fifty calls at once with a wrong password: one attempt is made, so that no account is locked. */
export async function expectOneAttempt(
  call: () => Promise<Outcome>,
  sessions: () => Sessions,
): Promise<void> {
  const outcomes = await Promise.all(Array.from({ length: 50 }, call));
  for (const outcome of [...outcomes, await call()])
    expect(outcome).toMatchObject({
      status: 'failed',
      code: expect.stringMatching(/^(AUTH_FAILED|LOGIN_PAUSED)$/),
      remedy: expect.stringMatching(/vmware-/),
    });
  expect(sessions()).toMatchObject({ logins: 0, failedLogins: 1, open: 0 });
}
