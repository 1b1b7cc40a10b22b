// `npm run demo`: the main job, told on a simulated vCenter; `npm run demo -- nsx`: on a simulated NSX Manager; `-- vks`: on
// a simulated Supervisor. Exits non-zero when anything of it does not happen.
import { connect } from './agent.mjs';
import * as nsx from './nsx-story.mjs';
import { serve } from './serve.mjs';
import { home as makeHome, nsxManager, supervisor, vcenter } from './stage.mjs';
import * as story from './story.mjs';
import * as vks from './vks-story.mjs';

/** What each story plays on. */
const stories = {
  vsphere: { product: 'vsphere', what: 'A vCenter', open: vcenter, tell: vsphereStory },
  nsx: { product: 'nsx-security', what: 'An NSX Manager', open: nsxManager, tell: nsxStory },
  vks: { product: 'vks', what: 'A vCenter with Supervisors', open: supervisor, tell: vksStory },
};
const named = Object.keys(stories).find((name) => process.argv.includes(name)) ?? 'vsphere';
const { product, what, open, tell } = stories[named];
const server = await open();
const home = makeHome(server, product);
let client;

async function vsphereStory() {
  await story.theTools(client);
  const victim = await story.theInventory(client);
  await story.theRefusal(client, victim);
  const consent = await story.thePreview(client, victim);
  await story.theChange(client, victim, consent);
  await story.theReplay(client);
  await story.theHostileName(client);
  await client.close();
  await story.theAuditLog(home);
  await story.theVerification(home);
}

async function nsxStory() {
  await nsx.theEstate(client);
  await nsx.theSnapshot(client);
  await nsx.theSegmentation(client);
  await nsx.theDrop(client);
  await nsx.theCleanup(client);
  await nsx.theRefusals(client);
  await nsx.theRestore(client);
  await client.close();
  await nsx.theRecord(home);
}

async function vksStory() {
  await vks.theEstate(client);
  await vks.theNamespace(client);
  await vks.theCluster(client);
  await vks.theScaleUp(client);
  await vks.theRefusedDelete(client);
  await vks.theUpgradePlan(client);
  await client.close();
  await vks.theRecord(home);
}

try {
  if (process.argv.includes('--serve')) await serve(server, home, product);
  else {
    process.stdout.write(
      `${what} (${server.name}) at ${server.url}, the MCP server vmware-${product}-mcp over stdio, and a client.\n`,
    );
    client = await connect(home.dir, `vmware-${product}-mcp`);
    await tell();
    process.stdout.write(
      `\nAll of it happened. \`npm run demo -- ${named === 'vsphere' ? '' : `${named} `}--serve\` leaves the server up for your own client.\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 1;
} finally {
  await client?.close().catch(() => {});
  await server.dispose();
  home.remove();
}
