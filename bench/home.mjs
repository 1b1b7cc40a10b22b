// Homes, rules and addresses that the benches share.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnv } from './measure.mjs';

export const root = join(import.meta.dirname, '..');
/** The file a program is: `vmware-vsphere-mcp` is in packages/vsphere. */
export const bin = (name) =>
  join(root, 'packages', name.replace(/^vmware-|-mcp$/g, ''), 'bin', `${name}.cjs`);

/** rules.yaml with this many rules that `list_vms` has to be held against, and that permit it. */
export function rulesOf(count) {
  const rules = Array.from({ length: count }, (_, i) => [
    `  - id: rule-${i}`,
    '    effect: forbid',
    `    tools: ["*_vm${i}", "list_vms"]`,
    `    targets: {environments: ["prod-${i}-*"]}`,
    '    reason: Not in this environment.',
  ]);
  return ['version: 1', 'rules:', ...rules.flat(), ''].join('\n');
}

/** A HOME with one target at this vCenter; `env` is what a program needs to use it. */
export function homeAt({ host, port, thumbprint, credentials }, { rules } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'vmware-bench-'));
  const config = join(home, '.vmware-vsphere');
  mkdirSync(config, { mode: 0o700 });
  writeFileSync(
    join(config, 'config.yaml'),
    `targets:\n  - name: lab\n    host: ${host}\n    port: ${port}\n    username: ${credentials.username}\n    thumbprint: '${thumbprint}'\n    environment: lab\n`,
  );
  if (rules !== undefined) {
    mkdirSync(join(home, '.vmware'), { mode: 0o700 });
    writeFileSync(join(home, '.vmware', 'rules.yaml'), rules, { mode: 0o600 });
  }
  return {
    home,
    env: cleanEnv({ HOME: home, OPS_HOME: '', VMWARE_LAB_PASSWORD: credentials.password }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
