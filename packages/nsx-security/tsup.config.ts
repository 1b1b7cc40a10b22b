import { defineConfig } from 'tsup';
import { bins, library } from '../../tsup.base.js';

export default defineConfig([
  library({ toolset: 'src/toolset.ts', dfw: 'src/dfw/index.ts' }),
  bins(
    {
      'bin/vmware-nsx-security': 'src/bin/vmware-nsx-security.ts',
      'bin/vmware-nsx-security-mcp': 'src/bin/vmware-nsx-security-mcp.ts',
    },
    {
      'bin/nsx-security-govern': 'src/govern.ts',
      'bin/nsx-security-local': 'src/local.ts',
      'bin/cli-doctor': '../policy/src/surfaces/cli/doctor.ts',
      'bin/cli-formats': '../policy/src/surfaces/cli/formats.ts',
      'bin/re2js': 're2js',
      'bin/yaml': 'yaml',
      'bin/mcp-serve': '../policy/src/surfaces/mcp/serve.ts',
    },
  ),
]);
