import { Refusal } from '../../refusal.js';

/** How to start a server: what goes into an MCP host's configuration. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const shell = ({ command, args }: Launch): string => [command, ...args].map(shellWord).join(' ');

const servers = ({ name, ...launch }: Launch) => ({ mcpServers: { [name]: launch } });

/** What each MCP host wants to see: a command to run, or a file and what belongs into it. */
const hosts: Readonly<Record<string, (launch: Launch) => string>> = {
  'claude-code': (launch) => {
    const env = Object.entries(launch.env ?? {}).map(
      ([key, value]) => ` --env ${shellWord(`${key}=${value}`)}`,
    );
    return `claude mcp add ${launch.name}${env.join('')} -- ${shell(launch)}`;
  },
  'claude-desktop': (launch) => `# claude_desktop_config.json\n${json(servers(launch))}`,
  cursor: (launch) => `# .cursor/mcp.json\n${json(servers(launch))}`,
  vscode: ({ name, ...launch }) =>
    `# .vscode/mcp.json\n${json({ servers: { [name]: { type: 'stdio', ...launch } } })}`,
  goose: ({ name, command, args, env = {} }) =>
    [
      '# ~/.config/goose/config.yaml',
      'extensions:',
      `  ${name}:`,
      '    type: stdio',
      '    enabled: true',
      `    name: ${name}`,
      `    cmd: ${json(command)}`,
      `    args: ${JSON.stringify(args)}`,
      `    envs: ${JSON.stringify(env)}`,
      '    timeout: 300',
    ].join('\n'),
  codex: ({ name, command, args, env = {} }) =>
    [
      '# ~/.codex/config.toml',
      `[mcp_servers.${name}]`,
      `command = ${JSON.stringify(command)}`,
      `args = ${JSON.stringify(args)}`,
      ...Object.entries(env).map(([key, value]) => `env.${key} = ${JSON.stringify(value)}`),
    ].join('\n'),
  gemini: (launch) => `# ~/.gemini/settings.json\n${json(servers(launch))}`,
};

export const hostNames = Object.keys(hosts);

/** The configuration of one MCP host. Throws USAGE for a host we do not know. */
export function hostConfig(host: string, launch: Launch): string {
  const write = hosts[host];
  if (!write)
    throw new Refusal(
      'USAGE',
      `There is no client "${host}".`,
      `Use --client ${hostNames.join('|')}.`,
    );
  return write(launch);
}
