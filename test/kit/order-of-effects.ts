import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type SystemCall, systemCalls, tracing } from './system-calls.js';
import { atHand } from './tool-at-hand.js';

/** A program that changes things, on a target in this process. */
export interface Traced {
  /** The MCP server's file. */
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
  /** Every change, each made ready when its turn comes. */
  readonly changes: readonly { readonly tool: string; input(): Promise<object> | object }[];
  /** When changing requests arrived so far, in milliseconds since 1970, rounded down. */
  arrivals(): readonly number[];
  /** The rows of the log so far. */
  audit(): readonly { readonly phase: string; readonly tool: string; readonly op_id: string }[];
}

/** One change: when its intent was durable, and when the target heard of it. */
export interface Effect {
  readonly tool: string;
  /** Milliseconds since 1970; undefined when it never was. */
  readonly durable: number | undefined;
  readonly arrived: number | undefined;
}

export const canTrace = atHand('order of effects', 'strace');

/** For Node: opens every database as if its settings said that nothing need be durable. */
export const neverSynced = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import module from 'node:module';
    const load = module._load;
    module._load = (name, ...rest) => {
      const found = load(name, ...rest);
      if (name !== 'better-sqlite3' || found.prototype.isNeverSynced) return found;
      const { exec } = found.prototype;
      found.prototype.isNeverSynced = true;
      found.prototype.exec = function (sql) {
        return exec.call(this, sql.replace('synchronous = FULL', 'synchronous = OFF'));
      };
      return found;
    };
  `)}`,
];

/** Makes every change over MCP while strace looks on. `node` are options of Node's own. */
export async function effectsOf(
  { bin, env, changes, arrivals, audit }: Traced,
  node: readonly string[] = [],
): Promise<Effect[]> {
  const file = join(mkdtempSync(join(tmpdir(), 'strace-')), 'calls');
  const [command = '', ...words] = tracing(file, ['pwrite64', 'fsync', 'fdatasync']);
  const client = new Client({ name: 'order', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command,
      args: [...words, process.execPath, ...node, bin],
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stderr: 'ignore',
    }),
  );
  const { tools } = await client.listTools();
  const first = new Map<string, number | undefined>();
  for (const { tool, input } of changes) {
    const listed = tools.find(({ name }) => name === tool);
    const asks = 'confirmed' in (listed?.inputSchema.properties ?? {});
    const given = { ...(await input()), dry_run: false, ...(asks ? { confirmed: true } : {}) };
    const before = arrivals().length;
    const { isError, content } = await client.callTool({ name: tool, arguments: given });
    if (isError) throw new Error(`${tool}: ${JSON.stringify(content)}`);
    first.set(tool, arrivals()[before]);
  }
  await client.close();
  const calls = systemCalls(file);
  const intents = audit().filter(({ phase }) => phase === 'intent');
  const operations = new Map(intents.map(({ tool, op_id }) => [tool, op_id]));
  return changes.map(({ tool }) => ({
    tool,
    durable: durableAt(calls, operations.get(tool)),
    arrived: first.get(tool),
  }));
}

/** When the WAL was on disk with the first row of an operation. */
function durableAt(calls: readonly SystemCall[], operation: string | undefined) {
  const wal = calls.filter(({ file }) => file.endsWith('/audit.db-wal'));
  const written = wal.findIndex(
    ({ name, text }) => name === 'pwrite64' && operation !== undefined && text.includes(operation),
  );
  if (written === -1) throw new Error(`The trace has no write of operation ${operation}`);
  return wal.slice(written).find(({ name, result }) => name !== 'pwrite64' && result === 0)?.ended;
}

/** Changes whose request arrived before their intent was durable, or that never was. */
export const premature = (effects: readonly Effect[]): string[] =>
  effects
    // A stamp is rounded down to the millisecond.
    .filter(({ durable, arrived }) => !(durable !== undefined && durable < (arrived ?? 0) + 1))
    .map(({ tool }) => tool);
