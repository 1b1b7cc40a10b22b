// How the stories act: tool calls as an agent makes them, and programs as a person starts them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { bin, environmentOf } from './stage.mjs';
import { expect } from './tell.mjs';

const run = promisify(execFile);
const fenced = /^<untrusted-output ([0-9a-f]{32})>\n([\s\S]*)\n<\/untrusted-output \1>$/;

/** A tool call as an agent makes it, and what came back without its fence. */
export async function call(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  const text = result.content[0].text;
  const [, , body] = fenced.exec(text) ?? [];
  expect(body !== undefined, `the answer of ${name} is not fenced`);
  return { isError: result.isError === true, text, body: JSON.parse(body) };
}

/** A program in the demo's home: what it printed and how it ended. */
export async function program(home, name, ...args) {
  try {
    const { stdout } = await run(bin(name), args, { env: environmentOf(home.dir) });
    return { code: 0, text: stdout };
  } catch (error) {
    return { code: error.code, text: `${error.stdout}${error.stderr}` };
  }
}

/** The real server, started as an MCP host starts it, and a real client at it. */
export async function connect(dir, server) {
  const client = new Client(
    { name: 'demo', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  );
  const transport = new StdioClientTransport({
    command: bin(server),
    args: [],
    env: environmentOf(dir),
    stderr: 'ignore',
  });
  await client.connect(transport);
  return client;
}
