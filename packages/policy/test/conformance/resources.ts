import { UriTemplate } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { defineTool, facts, type Said } from './said.js';
import { redPixel } from './samples.js';

type Contents = Extract<NonNullable<Said['content']>[number], { type: 'resource' }>['resource'];

const reading = (name: string, resource: Contents) =>
  defineTool({ ...facts(name), summary: 'A resource.', input: z.object({}) }).run(async () => ({
    content: [{ type: 'resource', resource }],
  }));

const fixed = [
  {
    uri: 'test://static-text',
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  },
  { uri: 'test://static-binary', mimeType: 'image/png', blob: redPixel },
  { uri: 'test://watched-resource', mimeType: 'text/plain', text: 'This is watched.' },
].map((resource) => ({
  resource,
  tool: reading(`read_${resource.uri.slice('test://'.length).replaceAll('-', '_')}`, resource),
}));

export const resources = fixed.map(({ resource: { uri }, tool }) => ({
  uri,
  name: tool.name,
  summary: 'A resource of the conformance suite.',
  level: tool.level,
  tool,
  input: {},
}));

export const template = new UriTemplate('test://template/{id}/data');

const templated = defineTool({
  ...facts('read_template'),
  summary: 'A resource with a parameter.',
  input: z.object({ id: z.string().describe('The parameter.') }),
}).run(async ({ id }) => ({
  content: [
    {
      type: 'resource',
      resource: {
        uri: template.expand({ id }),
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    },
  ],
}));

/** Reads of resources are cards too: each content is a resource. */
export const reads = [...fixed.map(({ tool }) => tool), templated];
