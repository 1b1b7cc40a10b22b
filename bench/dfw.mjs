// The offline firewall analysis over 10,000 VMs and 2,000 groups, at 2,500, 5,000 and 10,000 rules: how the cost grows.
// Then the same questions asked by the command line of a simulated manager of that size.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze, explainConnectivity, Firewall } from '@vmware/nsx-security/dfw';
import { simulateNsx } from '@vmware/simulators';
import { estate } from './estate.mjs';
import { bin } from './home.mjs';
import { cleanEnv, median, runProgram } from './measure.mjs';

const vms = 10_000;
const sized = { policies: 500, rulesPerPolicy: 20, groups: 2_000 };
const rounds = 3;
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

export async function bench() {
  const sim = await simulateNsx({ seed: { vms }, estate: sized });
  const dir = mkdtempSync(join(tmpdir(), 'bench-dfw-'));
  try {
    const env = homeIn(dir, sim);
    const live = {};
    for (const [what, ...args] of [
      ['snapshot take', 'snapshot', 'take', 'big'],
      ['explain connectivity', 'explain', 'connectivity', 'vm-00001', 'vm-00002', '--port', '443'],
      ['analyze rules', 'analyze', 'rules', '-o', 'name'],
    ]) {
      const before = sim.requests.length;
      const { wall } = await runProgram(process.execPath, [bin('vmware-nsx-security'), ...args], {
        env,
      });
      live[what] = `${seconds(wall)}, ${sim.requests.length - before} requests`;
    }
    const sizes = [5, 10, 20].map(measure);
    const [, half, full] = sizes;
    return [
      {
        what: `analyze, ${full.rules} rules, in ${half.rules} rules`,
        ratio: full.analyze / half.analyze,
        target: 2.6,
        detail: sizes.map((size) => `${size.rules} rules ${seconds(size.analyze)}`).join(', '),
      },
      {
        what: `explain connectivity, ${full.rules} rules, in ${half.rules} rules`,
        ratio: full.explain / half.explain,
        target: 2.6,
        detail: sizes.map((size) => `${size.rules} rules ${seconds(size.explain)}`).join(', '),
      },
      ...Object.entries(live).map(([what, detail]) => ({
        what: `vmware-nsx-security ${what}, ${vms} VMs, ${sized.groups} groups, 10000 rules: ${detail}`,
      })),
    ];
  } finally {
    await sim[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** 500 applications with so many rules each. Building the model is part of either question. */
function measure(each) {
  const snapshot = estate({ vms, applications: 500, rules: each });
  const [from, to] = [1, 700].map((n) => ({ kind: 'vm', external_id: `vm-${n}` }));
  const timed = (work) =>
    median(
      Array.from({ length: rounds }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      }),
    );
  return {
    rules: snapshot.policies.reduce((sum, { rules }) => sum + rules.length, 0),
    analyze: timed(() => analyze(new Firewall(snapshot))),
    explain: timed(() => explainConnectivity(new Firewall(snapshot), from, to)),
  };
}

function homeIn(dir, { port, thumbprint, credentials }) {
  const folder = join(dir, '.vmware-nsx-security');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(
    join(folder, 'config.yaml'),
    `targets:\n  - {name: lab, host: 127.0.0.1, port: ${port}, username: admin, thumbprint: '${thumbprint}'}\n`,
  );
  return cleanEnv({ HOME: dir, VMWARE_NSX_SECURITY_LAB_PASSWORD: credentials.password });
}
