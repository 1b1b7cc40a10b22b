import type { Home } from '../home.js';
import { defineToolset } from '../toolset.js';
import { version } from '../version.js';
import { approveRequest } from './approvals/approve-request.js';
import { listPendingRequests } from './approvals/list-pending-requests.js';
import { rejectRequest } from './approvals/reject-request.js';
import { anchorAuditLog } from './audit/anchor-audit-log.js';
import { backupAuditLog } from './audit/backup-audit-log.js';
import { exportAuditLog } from './audit/export-audit-log.js';
import { getAuditStats } from './audit/get-audit-stats.js';
import { importAuditLog } from './audit/import-audit-log.js';
import { listAuditArchives } from './audit/list-audit-archives.js';
import { listAuditEvents } from './audit/list-audit-events.js';
import { listLegalHolds } from './audit/list-legal-holds.js';
import { placeLegalHold } from './audit/place-legal-hold.js';
import { pruneAuditArchives } from './audit/prune-audit-archives.js';
import { reconcileAuditLog } from './audit/reconcile-audit-log.js';
import { releaseLegalHold } from './audit/release-legal-hold.js';
import { rotateAuditLog } from './audit/rotate-audit-log.js';
import { showAuditEvent } from './audit/show-audit-event.js';
import { tailAuditLog } from './audit/tail-audit-log.js';
import { verifyAuditBackup } from './audit/verify-audit-backup.js';
import { verifyAuditLog } from './audit/verify-audit-log.js';
import { watchAuditLog } from './audit/watch-audit-log.js';
import { grantBreakGlass } from './break-glass/grant-break-glass.js';
import { listBreakGlassGrants } from './break-glass/list-break-glass-grants.js';
import { revokeBreakGlass } from './break-glass/revoke-break-glass.js';
import type { Records } from './define.js';
import { installedTools } from './registry.js';
import { diffRules } from './rules/diff-rules.js';
import { explainRules } from './rules/explain-rules.js';
import { lintRules } from './rules/lint-rules.js';
import { replayRules } from './rules/replay-rules.js';
import { showRules } from './rules/show-rules.js';
import { testRulesTool } from './rules/test-rules.js';

/** Policy's own tools: they read the audit log and the rules, and change nothing but these. */
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
      audit: [
        listAuditEvents,
        tailAuditLog,
        showAuditEvent,
        getAuditStats,
        verifyAuditLog,
        exportAuditLog,
        reconcileAuditLog,
        importAuditLog,
        anchorAuditLog,
        watchAuditLog,
        backupAuditLog,
        verifyAuditBackup,
        rotateAuditLog,
        listAuditArchives,
        pruneAuditArchives,
        listLegalHolds,
        placeLegalHold,
        releaseLegalHold,
      ],
      approvals: [listPendingRequests, approveRequest, rejectRequest],
      'break-glass': [listBreakGlassGrants, grantBreakGlass, revokeBreakGlass],
      rules: [lintRules, testRulesTool, explainRules, showRules, replayRules, diffRules],
    },
  });
