import { once } from 'node:events';
import { vsphere } from '../../../vsphere/src/toolset.js';
import { lab } from '../../../vsphere/test/lab.js';
import { verifyLog } from '../../src/audit/verify.js';
import { describe } from '../../src/surfaces/docs/index.js';
import { mcpServer } from '../../src/surfaces/mcp/server.js';
import { type Harness, harness } from '../../src/testing/index.js';
import { type Count, compare, counted } from './counted.js';
import { fixtureServer } from './fixture-server.js';
import { type OverHttp, overHttp } from './over-http.js';
import { sealedStates } from './states.js';
import { fixtures } from './toolset.js';

/** What `scripts/conformance.mjs` reads: the first line, and when its end of stdin is closed the second. */
export interface Serving {
  readonly fixtures: string;
  readonly vsphere: string;
}
export interface Ended {
  readonly fixtures: Log;
  readonly vsphere: Log;
}
interface Log {
  readonly verdict: string;
  readonly tools: readonly Count[];
}

const say = (line: Serving | Ended): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const logOf = (
  { home, audit }: Pick<Harness<never>, 'home' | 'audit'>,
  calls: Map<string, number>,
  tools: readonly string[],
): Log => ({
  verdict: verifyLog(home).verdict,
  tools: compare(calls, tools, audit()),
});
const namesIn = ({ tools }: ReturnType<typeof describe>) =>
  tools.map(({ listing }) => listing.name);

async function main(): Promise<void> {
  let listeners: OverHttp['notify'] | undefined;
  const toolset = fixtures({
    states: sealedStates(),
    changed: (what) => (what === 'tools' ? listeners?.toolsChanged() : listeners?.promptsChanged()),
  });
  await using suite = harness(toolset);
  await using vc = await lab();
  const [own, theirs] = [counted(suite.governed), counted(vc.governed)];
  const [surface, shipped] = [describe(toolset), describe(vsphere)];
  await using fixtureHttp = await overHttp(() => fixtureServer(surface, own));
  await using vsphereHttp = await overHttp(() => mcpServer(shipped, async () => theirs).server);
  listeners = fixtureHttp.notify;
  say({ fixtures: fixtureHttp.url, vsphere: vsphereHttp.url });
  process.stdin.resume();
  await once(process.stdin, 'end');
  say({
    fixtures: logOf(suite, own.calls, namesIn(surface)),
    vsphere: logOf(vc, theirs.calls, namesIn(shipped)),
  });
}

void main();
