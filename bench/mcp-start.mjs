// CPU from exec until an MCP server has answered tools/list, in that of a hand-written server with the same manifest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bin, root } from './home.mjs';
import { cleanEnv, cpuOf, interleaved } from './measure.mjs';

const folder = join(root, 'packages', 'vsphere');
const raw = join(import.meta.dirname, 'raw-mcp.mjs');

export async function bench() {
  const surface = JSON.parse(readFileSync(join(folder, 'surface.json'), 'utf8'));
  const scratch = mkdtempSync(join(tmpdir(), 'vmware-bench-'));
  try {
    const at = (count) => {
      const sized = join(scratch, `surface-${count}.json`);
      writeFileSync(sized, JSON.stringify({ ...surface, tools: toolsLike(surface.tools, count) }));
      return sized;
    };
    const manifest = join(scratch, 'manifest.json');
    writeFileSync(manifest, JSON.stringify({ tools: surface.tools.map(({ listing }) => listing) }));
    const server = join(scratch, 'server.cjs');
    writeFileSync(server, serverOver(join(folder, 'dist', 'bin', 'mcp-serve.cjs')));
    const small = at(20);
    const large = at(100);
    const cpu = await interleaved(15, {
      raw: () => untilListed([raw, manifest], surface.tools.length),
      ours: () => untilListed([bin('vmware-vsphere-mcp')], surface.tools.length),
      twenty: () => untilListed([server, small], 20),
      hundred: () => untilListed([server, large], 100),
    });
    return [
      {
        what: `exec to tools/list, ${surface.tools.length} tools, in a hand-written server`,
        ratio: cpu.ours / cpu.raw,
        target: 4.5,
        detail: `the hand-written one takes ${cpu.raw.toFixed(0)} ms of CPU`,
      },
      {
        what: '100 tools, in 20 tools of the same server',
        ratio: cpu.hundred / cpu.twenty,
        target: 1.2,
      },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** As many tools as wanted, each a copy of a real one under a name of its own. */
const toolsLike = (tools, count) =>
  Array.from({ length: count }, (_, i) => {
    const tool = tools[i % tools.length];
    return { ...tool, listing: { ...tool.listing, name: `${tool.listing.name}_${i}` } };
  });

/** The bundled server over any surface: what a bin is, but for where its surface comes from. */
const serverOver = (serve) => `
const surface = JSON.parse(require('node:fs').readFileSync(process.argv.pop(), 'utf8'));
require(${JSON.stringify(serve)}).runMcp(surface, () => Promise.reject(new Error('no call is made')));
`;

/** Starts a server, initializes it, lists its tools, and resolves to the CPU it had used by then. */
async function untilListed(args, count) {
  const child = spawn(process.execPath, args, {
    env: cleanEnv(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = async (id, method, params) => {
    send({ id, method, params });
    const { result } = JSON.parse((await answers.next()).value);
    return result;
  };
  await ask(1, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'bench', version: '0' },
  });
  send({ method: 'notifications/initialized' });
  const { tools } = await ask(2, 'tools/list', {});
  const spent = cpuOf(child.pid);
  if (tools.length !== count)
    throw new Error(`${args[0]} listed ${tools.length} tools, not ${count}`);
  const ended = once(child, 'exit');
  child.stdin.end();
  child.kill();
  await ended;
  return spent;
}
