import { defineToolset } from '../../src/index.js';
import { roundTools } from './asking-in-rounds.js';
import { askingTools } from './asking-tools.js';
import { clientTools } from './client-tools.js';
import { contentTools } from './content-tools.js';
import { completion, prompts } from './prompts.js';
import { reads, resources } from './resources.js';
import { runningTools } from './running-tools.js';
import type { Fixture } from './said.js';

const target = { name: 'suite', environment: 'lab' };

/** Every tool, prompt and resource that the suite asks for by name, as cards. */
export const fixtures = (fixture: Fixture) =>
  defineToolset<Fixture>({
    name: 'fixtures',
    title: 'What the conformance suite asks for',
    version: '0.0.0',
    instructions: 'Fixtures of the MCP conformance suite.',
    targets: async () => ({ list: () => [target], find: () => target }),
    connect: async () => ({ clients: fixture, close: async () => {} }),
    groups: {
      tools: [...contentTools, ...runningTools, ...askingTools, ...roundTools, ...clientTools],
      prompts: [...prompts, completion],
      resources: reads,
    },
    resources,
  });
