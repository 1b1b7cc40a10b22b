import type { Command } from 'commander';
import { homeOf } from '../../home.js';
import type { Surface } from '../surface.js';
import { configOption } from './call-options.js';
import { exitCodes } from './exit-codes.js';
import type { Check, Finding, Local } from './local.js';

import type { Terminal } from './terminal.js';

interface DoctorOptions {
  readonly target?: string;
  readonly json?: boolean;
  readonly skipAuth?: boolean;
  readonly resetLogin?: string;
}

/** `doctor`: what does not work, and the command that mends it. */
export function addDoctor(
  root: Command,
  surface: Surface,
  local: () => Promise<Local>,
  terminal: Terminal,
): Command {
  return root
    .command('doctor')
    .description('check configuration, credentials, connection, rules and audit log')
    .option('-t, --target <name>', 'configured target; all of them otherwise')
    .option(...configOption)
    .option('--json', 'findings as JSON')
    .option('--skip-auth', 'try no login')
    .option('--reset-login <target>', 'forget that a login was refused')
    .action(async ({ target, json, skipAuth = false, resetLogin }: DoctorOptions) => {
      const here = await local();
      if (resetLogin !== undefined) await here.resetLogin(resetLogin);
      const { ownChecks } = await import('./doctor.js');
      const checks = [...ownChecks(homeOf()), ...(await here.checks(target, skipAuth))];
      await report(checks, surface, json ?? false, terminal);
    });
}

/** `preflight-auth`: tries every login there is, and fails on anything but success. */
export function addPreflight(
  root: Command,
  surface: Surface,
  local: () => Promise<Local>,
  terminal: Terminal,
): void {
  root
    .command('preflight-auth')
    .description('try every login that calls will need, one after the other')
    .option('-t, --target <name>', 'configured target; all of them otherwise')
    .option(...configOption)
    .option('--json', 'findings as JSON')
    .action(async ({ target, json }: Pick<DoctorOptions, 'target' | 'json'>) => {
      const checks = (await (await local()).preflight?.(target)) ?? [];
      await report(checks, surface, json ?? false, terminal);
    });
}

async function report(
  checks: readonly Check[],
  surface: Surface,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const { examine } = await import('./examine.js');
  const findings = await examine(checks);
  if (json)
    terminal.data(`${JSON.stringify({ program: `vmware-${surface.name}`, findings }, null, 2)}\n`);
  else for (const finding of findings) terminal.data(`${line(finding)}\n`);
  if (findings.some(({ state }) => state === 'fail')) process.exitCode = exitCodes.failure;
}

const line = (finding: { readonly check: string } & Finding): string =>
  `${finding.state.padEnd(5)} ${finding.check.padEnd(20)} ${finding.detail}${
    finding.state === 'ok' || !finding.remedy ? '' : `\n${' '.repeat(27)}${finding.remedy}`
  }`;
