import surface from '../../surface.json' with { type: 'json' };
import { homeOf } from '../home.js';
import { main, type Surface } from '../surfaces/cli/main.js';

await main(surface as unknown as Surface, {
  load: async (options) => {
    const [{ govern }, { records }] = await Promise.all([
      import('../open.js'),
      import('../tools/toolset.js'),
    ]);
    return govern(records(homeOf()), options);
  },
});
