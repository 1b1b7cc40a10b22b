import type { Home } from '../home.js';
import { defineToolset } from '../toolset.js';
import { version } from '../version.js';
import { exportAuditLog } from './audit/export-audit-log.js';
import { getAuditStats } from './audit/get-audit-stats.js';
import { listAuditEvents } from './audit/list-audit-events.js';
import { showAuditEvent } from './audit/show-audit-event.js';
import { verifyAuditLog } from './audit/verify-audit-log.js';
import type { Records } from './define.js';
import { installedTools } from './registry.js';
import { explainRules } from './rules/explain-rules.js';
import { lintRules } from './rules/lint-rules.js';
import { showRules } from './rules/show-rules.js';
import { testRulesTool } from './rules/test-rules.js';

/** Policy's own tools: they read the audit log and the rules, and change nothing. */
export const records = (home: Home) =>
  defineToolset<Records>({
    name: 'audit',
    title: 'The audit log and the rules of the VMware tools on this machine',
    version,
    instructions: 'Reads the audit log and the rules of the VMware tools. Changes nothing.',
    targets: async () => ({ list: () => [], find: () => ({ name: '', environment: '' }) }),
    connect: async () => ({
      clients: { home, tools: installedTools() },
      close: async () => {},
    }),
    groups: {
      audit: [listAuditEvents, showAuditEvent, getAuditStats, verifyAuditLog, exportAuditLog],
      rules: [lintRules, testRulesTool, explainRules, showRules],
    },
  });
