#!/usr/bin/env node
require('../dist/bin/vmware-vsphere.cjs');
