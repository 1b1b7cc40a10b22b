import { existsSync, lstatSync } from 'node:fs';
import { openDatabase } from '../../audit/driver.js';
import { verifyLog } from '../../audit/verify.js';
import type { Home } from '../../home.js';
import { rulesText } from '../../tools/rules/rules-file.js';
import type { Check, Finding } from './local.js';

/** What every program needs, whichever targets it has: Node, SQLite, a safe home, valid rules, an intact log. */
export function ownChecks(home: Home, env: NodeJS.ProcessEnv = process.env): Check[] {
  return [
    { name: 'Node.js', run: async () => nodeVersion() },
    { name: 'TLS verification', run: async () => tlsVerification(env) },
    { name: 'SQLite driver', run: async () => sqlite() },
    { name: 'State folder', run: async () => stateFolder(home) },
    { name: 'Rules', run: () => rules(home) },
    { name: 'Audit log', run: async () => auditLog(home) },
  ];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.versions.node} (${process.execPath})`;
  if (major > 20 || (major === 20 && minor >= 19)) return { state: 'ok', detail };
  return { state: 'fail', detail, remedy: 'Install Node.js 20.19 or newer.' };
}

function tlsVerification(env: NodeJS.ProcessEnv): Finding {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return { state: 'ok', detail: 'on' };
  return {
    state: 'fail',
    detail: 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches it off for every connection',
    remedy:
      'Run `unset NODE_TLS_REJECT_UNAUTHORIZED`; trust one target with ca_file or thumbprint instead.',
  };
}

function sqlite(): Finding {
  const { db, driver, version } = openDatabase(':memory:');
  db.close();
  return { state: 'ok', detail: `${driver}, SQLite ${version}` };
}

function stateFolder({ dir }: Home): Finding {
  if (!existsSync(dir)) return { state: 'ok', detail: `${dir} will be made at the first call` };
  const { mode } = lstatSync(dir);
  if ((mode & 0o077) === 0) return { state: 'ok', detail: dir };
  return {
    state: 'fail',
    detail: `${dir} can be entered by others`,
    remedy: `Run \`chmod 700 ${dir}\`.`,
  };
}

async function rules(home: Home): Promise<Finding> {
  const { source, set } = await rulesText(home, undefined);
  const { rules: all } = await set();
  return { state: 'ok', detail: `${source}, ${all.length} rules` };
}

function auditLog(home: Home): Finding {
  if (!existsSync(home.auditDb)) return { state: 'ok', detail: 'no rows yet' };
  const { verdict, rows, problem, remedy, in_doubt, lost } = verifyLog(home);
  if (verdict === 'tampered' || verdict === 'unreadable')
    return {
      state: 'fail',
      detail: problem ?? verdict,
      remedy: remedy ?? 'Run `vmware-audit verify`.',
    };
  const family = hasFamilyTable(home);
  if (family)
    return {
      state: 'warn',
      detail: `${rows} rows, intact; the same file holds a table of the Python family, whose SQLite can corrupt it`,
      remedy: 'Set OPS_HOME to a folder of its own for the Python programs.',
    };
  if (in_doubt > 0)
    return {
      state: 'warn',
      detail: `${rows} rows, intact; ${in_doubt} changes in doubt`,
      remedy: 'Run `vmware-audit log --status in_doubt`.',
    };
  const gone = lost.map(({ from, to, why }) => `; rows ${from} to ${to} ${why}`).join('');
  return { state: 'ok', detail: `${rows} rows, intact${gone}` };
}

function hasFamilyTable({ auditDb }: Home): boolean {
  const { db } = openDatabase(auditDb, { readonly: true });
  try {
    return db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit_log'").get() !== undefined;
  } finally {
    db.close();
  }
}
