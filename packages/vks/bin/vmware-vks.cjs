#!/usr/bin/env node
require('../dist/bin/vmware-vks.cjs');
