#!/usr/bin/env node
import '../dist/bin/vmware-vsphere-mcp.js';
