#!/usr/bin/env node
require('../dist/bin/vmware-audit-mcp.cjs');
