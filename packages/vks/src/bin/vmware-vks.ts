import { main, type Surface } from '@vmware/policy/cli';
import surface from '../../surface.json' with { type: 'json' };

void main(surface as unknown as Surface, {
  load: async (options) => (await import('../govern.js')).load(options),
  local: async () => (await import('../local.js')).local,
  doctorAlias: 'check',
  preflight: true,
});
