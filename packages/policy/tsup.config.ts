import { defineConfig } from 'tsup';
import { bins, library } from '../../tsup.base.js';

export default defineConfig([
  library({
    index: 'src/index.ts',
    mcp: 'src/surfaces/mcp/serve.ts',
    cli: 'src/surfaces/cli/main.ts',
    docs: 'src/surfaces/docs/index.ts',
    testing: 'src/testing/index.ts',
  }),
  bins(
    {
      'bin/vmware-audit': 'src/bin/vmware-audit.ts',
      'bin/vmware-audit-mcp': 'src/bin/vmware-audit-mcp.ts',
    },
    {
      'bin/audit-govern': 'src/tools/govern.ts',
      'bin/cli-completion': 'src/surfaces/cli/completion/answer.ts',
      'bin/cli-scripts': 'src/surfaces/cli/completion/scripts.ts',
      'bin/cli-explanation': 'src/surfaces/cli/explanation.ts',
      'bin/cli-watch': 'src/surfaces/cli/watch.ts',
      'bin/cli-doctor': 'src/surfaces/cli/doctor.ts',
      'bin/cli-formats': 'src/surfaces/cli/formats.ts',
      'bin/re2js': 're2js',
      'bin/yaml': 'yaml',
      'bin/mcp-serve': 'src/surfaces/mcp/serve.ts',
    },
  ),
]);
