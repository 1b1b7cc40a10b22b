#!/usr/bin/env node
require('../dist/bin/vmware-vsphere-mcp.cjs');
