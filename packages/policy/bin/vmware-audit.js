#!/usr/bin/env node
import '../dist/bin/vmware-audit.js';
