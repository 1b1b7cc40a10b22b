import surface from '../../surface.json' with { type: 'json' };
import { main, type Surface } from '../surfaces/cli/main.js';
import { addRestore } from '../surfaces/cli/restore.js';
import { addUndo } from '../surfaces/cli/undo.js';

void main(surface as unknown as Surface, {
  load: async (options) => (await import('../tools/govern.js')).load(options),
  also(root, terminal) {
    addUndo(root, terminal);
    addRestore(root, terminal);
  },
});
