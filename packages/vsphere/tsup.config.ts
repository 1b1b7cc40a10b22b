import { defineConfig } from 'tsup';
import { bins, library } from '../../tsup.base.js';

export default defineConfig([
  library({ toolset: 'src/toolset.ts' }),
  bins({
    'bin/vmware-vsphere': 'src/bin/vmware-vsphere.ts',
    'bin/vmware-vsphere-mcp': 'src/bin/vmware-vsphere-mcp.ts',
  }),
]);
