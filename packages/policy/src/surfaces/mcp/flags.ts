import { parseArgs } from 'node:util';
import { Refusal } from '../../refusal.js';
import type { Serve } from './serve.js';

/** The flags of an MCP server, each with an environment twin: `--read-only`, `VMWARE_READ_ONLY=1`. */
export function serveFlags(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Serve {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'read-only': { type: 'boolean', default: isOn(env['VMWARE_READ_ONLY']) },
        'disable-destructive': {
          type: 'boolean',
          default: isOn(env['VMWARE_DISABLE_DESTRUCTIVE']),
        },
        'no-output-schemas': { type: 'boolean', default: isOn(env['VMWARE_NO_OUTPUT_SCHEMAS']) },
        toolsets: { type: 'string', default: env['VMWARE_TOOLSETS'] ?? '' },
        tools: { type: 'string', default: env['VMWARE_TOOLS'] ?? '' },
        config: { type: 'string', short: 'c' },
      },
    });
    return {
      readOnly: values['read-only'],
      disableDestructive: values['disable-destructive'],
      outputSchemas: !values['no-output-schemas'],
      ...(values.config === undefined ? {} : { config: values.config }),
      ...(values.toolsets ? { toolsets: words(values.toolsets) } : {}),
      ...(values.tools ? { tools: words(values.tools) } : {}),
    };
  } catch (error) {
    throw new Refusal(
      'USAGE',
      (error as Error).message,
      'Use --read-only, --disable-destructive, --no-output-schemas, --toolsets a,b, --tools x,y or --config file.',
    );
  }
}

/** A switch that narrows is on unless it is clearly off, so that a typing error does not widen. */
const isOn = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase());

const words = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
