import { execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
export const cliBin = join(root, 'bin/vmware-vsphere.cjs');
export const mcpBin = join(root, 'bin/vmware-vsphere-mcp.cjs');
