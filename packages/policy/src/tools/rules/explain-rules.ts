import { userInfo } from 'node:os';
import * as z from 'zod';
import { Refusal } from '../../refusal.js';
import { explain } from '../../rules/explain.js';
import { namesOf } from '../../rules/question.js';
import { defineTool } from '../define.js';
import { instantOf } from './instant.js';
import { rulesText } from './rules-file.js';

export const explainRules = defineTool({
  name: 'explain_rules',
  usage: 'rules explain <call>',
  summary: 'What the rules would say of a call, by which rule, and how every other rule fared.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  format: 'yaml',
  examples: [
    'rules explain delete_vm --environment prod',
    'rules explain power_off --user alice --at 2026-11-28T22:30:00Z',
  ],
  input: z.object({
    call: z.string().describe('Name of a tool.'),
    user: z.string().optional().describe('Who asks; you otherwise.'),
    groups: z.array(z.string()).optional().describe('Groups of the caller.'),
    target: z.string().optional().describe('Name of the target.'),
    environment: z.string().optional().describe('Environment label of the target.'),
    blast_radius: z.int().min(0).optional().describe('How many objects it touches.'),
    at: z.string().optional().describe('When: an ISO time; now otherwise.'),
    file: z.string().optional().describe('Another file than the one in force.'),
  }),
  output: z.object({
    source: z.string(),
    allowed: z.boolean(),
    rule: z.string(),
    where: z.string().nullable(),
    reason: z.string(),
    consent: z.string().nullable(),
    level: z.string().nullable(),
    roles: z.array(z.string()),
    trace: z.array(
      z.object({
        rule: z.string(),
        matched: z.boolean(),
        failed: z.string().nullable(),
        line: z.int(),
      }),
    ),
  }),
}).run(
  async ({ call, user, groups, target, environment, blast_radius, at, file }, { home, tools }) => {
    const tool = tools.find((known) => namesOf(known).includes(call));
    if (!tool)
      throw new Refusal(
        'UNKNOWN_TOOL',
        `No installed package has a tool named ${call}.`,
        tools.length === 0
          ? 'Install a package with tools, such as @vmware/vsphere, beside @vmware/policy.'
          : `Use one of: ${tools.map(({ name }) => name).join(', ')}.`,
      );
    const now = instantOf(at);
    const { source, set } = await rulesText(home, file);
    const said = explain(
      await set(),
      {
        tool,
        as: { user: user ?? userInfo().username, ...(groups ? { groups } : {}) },
        target: { ...(target ? { name: target } : {}), ...(environment ? { environment } : {}) },
        ...(blast_radius === undefined ? {} : { blast_radius }),
      },
      now,
    );
    return {
      source,
      allowed: said.allowed,
      rule: said.rule,
      where: said.where ?? null,
      reason: said.reason,
      consent: tool.effect === 'read' ? null : said.decision.consent,
      level: said.level,
      roles: [...said.roles],
      trace: said.decision.trace.map(({ rule, matched, failed, line }) => ({
        rule,
        matched,
        failed: failed ?? null,
        line,
      })),
    };
  },
);
