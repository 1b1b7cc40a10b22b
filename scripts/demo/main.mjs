// `npm run demo`: the main job, told on a simulated vCenter. Exits non-zero when anything of it does not happen.
import { serve } from './serve.mjs';
import { connect, home as makeHome, vcenter } from './stage.mjs';
import * as story from './story.mjs';

const vc = await vcenter();
const home = makeHome(vc);
let client;
try {
  if (process.argv.includes('--serve')) await serve(vc, home);
  else {
    process.stdout.write(
      `A vCenter (${vc.name}) at ${vc.url}, the MCP server vmware-vsphere-mcp over stdio, and a client.\n`,
    );
    client = await connect(home.dir);
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
    process.stdout.write(
      '\nAll of it happened. `npm run demo -- --serve` leaves the vCenter up for your own client.\n',
    );
  }
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 1;
} finally {
  await client?.close().catch(() => {});
  await vc.dispose();
  home.remove();
}
