import * as z from 'zod';
import { Refusal } from '../../src/index.js';
import { type Block, defineTool, facts, text } from './said.js';
import { redPixel, silence } from './samples.js';

const saying = (name: string, summary: string, content: readonly Block[]) =>
  defineTool({ ...facts(name), summary, input: z.object({}) }).run(async () => ({
    content: [...content],
  }));

const image: Block = { type: 'image', data: redPixel, mimeType: 'image/png' };

const mixed = {
  uri: 'test://mixed-content-resource',
  mimeType: 'application/json',
  text: JSON.stringify({ test: 'data', value: 123 }),
};

const embedded = {
  uri: 'test://embedded-resource',
  mimeType: 'text/plain',
  text: 'This is an embedded resource content.',
};

/** Every kind of content that MCP has. */
export const contentTools = [
  saying('test_simple_text', 'Says a text.', [text('This is a simple text response for testing.')]),
  saying('test_image_content', 'Shows an image.', [image]),
  saying('test_audio_content', 'Plays a sound.', [
    { type: 'audio', data: silence, mimeType: 'audio/wav' },
  ]),
  saying('test_embedded_resource', 'Embeds a resource.', [
    { type: 'resource', resource: embedded },
  ]),
  saying('test_multiple_content_types', 'Says, shows and embeds.', [
    text('Multiple content types test:'),
    image,
    { type: 'resource', resource: mixed },
  ]),
  defineTool({
    ...facts('test_error_handling'),
    summary: 'Always fails.',
    input: z.object({}),
  }).run(async () => {
    throw new Refusal(
      'INTENDED',
      'This tool intentionally returns an error for testing.',
      'Run `vmware-audit log` to see that it was recorded.',
    );
  }),
];
