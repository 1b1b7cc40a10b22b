import type { Target } from './call.js';
import type { Card, Level, Tool } from './tool.js';

/** Where a toolset's targets come from. `find` throws an error with a remedy for a name it does not know. */
export interface Targets {
  list(): readonly Target[];
  /** Without a name: the default target. */
  find(name?: string): Target;
}

/** An MCP resource: a read tool with its inputs fixed, under a URI. */
export interface Resource<Clients = never> {
  readonly uri: string;
  readonly name: string;
  readonly summary: string;
  readonly level: Level;
  readonly tool: Tool<Clients>;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Clients for one target, and how to let go of them: log out, close sockets. */
export interface Connection<Clients> {
  readonly clients: Clients;
  close(): Promise<void>;
}

export interface Toolset<Clients> {
  /** `vsphere`: the program is `vmware-vsphere`, the skill `vmware-vsphere`. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** What an MCP host tells its model about this server, 2 KB at most. */
  readonly instructions: string;
  readonly targets: () => Promise<Targets>;
  readonly connect: (target: Target, signal: AbortSignal) => Promise<Connection<Clients>>;
  /** Groups gate what a client sees; a group that is not on costs no tokens. */
  readonly groups: Readonly<Record<string, readonly Tool<Clients>[]>>;
  readonly resources?: readonly Resource<Clients>[];
}

export const defineToolset = <Clients>(toolset: Toolset<Clients>): Toolset<Clients> => toolset;

/** Every tool with the group it is listed in, in listing order. */
export const toolsOf = (toolset: {
  groups: Toolset<never>['groups'];
}): { tool: Tool; group: string }[] =>
  Object.entries(toolset.groups).flatMap(([group, tools]) =>
    tools.map((tool) => ({ tool, group })),
  );

export const isChange = (tool: Pick<Card, 'effect'>): boolean => tool.effect !== 'read';
