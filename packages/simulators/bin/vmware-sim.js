#!/usr/bin/env node
import '../dist/bin/vmware-sim.js';
