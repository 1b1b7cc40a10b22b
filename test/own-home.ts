import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every test file gets a HOME of its own, so that no state survives and the real one is out of reach. */
const home = mkdtempSync(join(tmpdir(), 'vmware-test-home-'));
process.env['HOME'] = home;
for (const name of Object.keys(process.env))
  if (/^(VMWARE_|VCENTER_|GOVC_|OPS_)/.test(name)) delete process.env[name];
