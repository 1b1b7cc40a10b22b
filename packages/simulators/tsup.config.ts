import { defineConfig } from 'tsup';

const shared = { format: 'esm', target: 'node20', platform: 'node', dts: false } as const;

export default defineConfig([
  { ...shared, entry: { index: 'src/index.ts' } },
  // One file: a command that starts fast.
  { ...shared, entry: { 'bin/vmware-sim': 'src/bin/vmware-sim.ts' }, noExternal: ['saxes'] },
]);
