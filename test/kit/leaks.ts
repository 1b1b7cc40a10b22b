import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Governed, Outcome } from '@vmware/policy';
import { records } from '@vmware/policy/docs';
import type { Home } from '../../packages/policy/src/home.js';
import { govern } from '../../packages/policy/src/open.js';
import { program } from '../../packages/policy/src/surfaces/cli/program.js';
import { show } from '../../packages/policy/src/surfaces/cli/show.js';
import { describe } from '../../packages/policy/src/surfaces/docs/describe.js';
import { resultOf } from '../../packages/policy/src/surfaces/mcp/answer.js';
import type { Surface } from '../../packages/policy/src/surfaces/surface.js';
import { scripted } from '../../packages/policy/test/terminal.js';
import { type Canary, formsIn, passwords, tokens } from './canaries.js';

/** Calls on a target that knows a password, and behaves badly while they are made. */
export interface Leaky extends AsyncDisposable {
  readonly surface: Surface;
  readonly home: Home;
  /** Makes the calls and resolves to what came of them, by tool. */
  readonly outcomes: () => Promise<readonly (readonly [tool: string, Outcome])[]>;
  /** Ids of sessions and tokens that were shown to the target. */
  readonly sessions: () => readonly string[];
}

/**
 * Plants every canary in a lab of its own: a password as the password, a token in what the target says. Resolves to
 * the leaks. So many `labs` are open at a time: those whose target is silent spend their time waiting.
 */
export async function leaksOfAll(
  open: (password: string, said: string) => Promise<Leaky>,
  labs = 6,
): Promise<string[]> {
  const left = [
    ...passwords.map((canary) => [canary, canary.secret] as const),
    ...tokens.map((canary) => [canary, 'Simulated-1!'] as const),
  ];
  const found: string[] = [];
  const lane = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [canary, password] = next;
      await using lab = await open(password, canary.text);
      const outcomes = await lab.outcomes();
      const said = await Promise.all(
        outcomes.map(([tool, outcome]) => allSaid(lab.surface, tool, outcome)),
      );
      const sessions = lab.sessions().map((secret) => ({ kind: 'session', secret, text: secret }));
      if (sessions.length === 0) found.push(`${canary.kind}: there was no session`);
      found.push(...leaksOf([canary, ...sessions], [...said, ...(await allKept(lab))]));
    }
  };
  await Promise.all(Array.from({ length: labs }, lane));
  return found;
}

/** Everything that a call said, over MCP and at a command line. */
export async function allSaid(surface: Surface, name: string, outcome: Outcome): Promise<string> {
  const tool = surface.tools.find(({ listing }) => listing.name === name);
  if (!tool) throw new Error(`The surface has no ${name}`);
  const parts = [JSON.stringify(resultOf(tool, outcome))];
  const keep = (text: string) => void parts.push(text);
  for (const output of ['table', 'json', 'yaml', 'csv'])
    await show(
      outcome,
      tool,
      { headers: true, isAsked: true, json: output === 'json', output } as never,
      {
        data: keep,
        talk: keep,
      },
    );
  return parts.join('\n');
}

/** What is on disk in a home, the log and its write-ahead log among it, and what is exported of the log. */
export async function allKept({ home }: Pick<Leaky, 'home'>): Promise<(string | Buffer)[]> {
  const files = readdirSync(home.dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home.dir, name))
    .filter((path) => statSync(path).isFile());
  const own: Governed = govern(records(home), { home, env: {} });
  const exports: string[] = [];
  for (const format of ['jsonl', 'csv', 'json']) {
    const { terminal, said } = scripted();
    const root = program(describe(records(home)), (work) => work(own), terminal);
    await root.parseAsync(['node', 'vmware-audit', 'export', '-o', format]);
    exports.push(said.data);
  }
  process.exitCode = undefined;
  await own.close();
  return [...files.map((path) => readFileSync(path)), ...exports];
}

/** The canaries that are in any of these, and in which form. */
export const leaksOf = (
  canaries: readonly Canary[],
  where: readonly (string | Buffer)[],
): string[] =>
  canaries.flatMap(({ kind, secret }) =>
    [...new Set(where.flatMap((text) => formsIn(text, secret)))].map((form) => `${kind}: ${form}`),
  );
