#!/usr/bin/env node
require('../dist/bin/vmware-audit.cjs');
