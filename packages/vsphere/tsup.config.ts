import { defineConfig } from 'tsup';
import { bins, library } from '../../tsup.base.js';

export default defineConfig([
  library({ toolset: 'src/toolset.ts', govern: 'src/govern.ts' }),
  bins(
    {
      'bin/vmware-vsphere': 'src/bin/vmware-vsphere.ts',
      'bin/vmware-vsphere-mcp': 'src/bin/vmware-vsphere-mcp.ts',
    },
    {
      'bin/vsphere-govern': 'src/govern.ts',
      'bin/vsphere-local': 'src/local.ts',
      'bin/cli-completion': '../policy/src/surfaces/cli/completion/answer.ts',
      'bin/cli-scripts': '../policy/src/surfaces/cli/completion/scripts.ts',
      'bin/cli-explanation': '../policy/src/surfaces/cli/explanation.ts',
      'bin/cli-watch': '../policy/src/surfaces/cli/watch.ts',
      'bin/cli-doctor': '../policy/src/surfaces/cli/doctor.ts',
      'bin/cli-formats': '../policy/src/surfaces/cli/formats.ts',
      'bin/re2js': 're2js',
      'bin/yaml': 'yaml',
      'bin/mcp-serve': '../policy/src/surfaces/mcp/serve.ts',
    },
  ),
]);
