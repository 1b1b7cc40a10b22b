import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    targets: 'src/targets/index.ts',
    http: 'src/http/index.ts',
    vim: 'src/vim/index.ts',
    rest: 'src/rest/index.ts',
    nsx: 'src/nsx/index.ts',
    kube: 'src/kube/index.ts',
    wcp: 'src/wcp/index.ts',
    setup: 'src/setup/index.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: false,
  clean: true,
  splitting: true,
});
