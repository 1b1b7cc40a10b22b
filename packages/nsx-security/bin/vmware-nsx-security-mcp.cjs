#!/usr/bin/env node
require('../dist/bin/vmware-nsx-security-mcp.cjs');
