import { resetLogin } from '../http/login-circuit.js';
import { openTargets } from '../targets/book.js';
import type { Check, Terminal } from './check.js';
import { checksOf } from './checks.js';
import { runWizard, type Wizard, type WizardOptions } from './wizard.js';

/** What a product's program can do on this machine: doctor's checks, contexts, init. */
export function localOf(wizard: Wizard) {
  const { product, login } = wizard;
  const book = () => openTargets({ product });
  return {
    async checks(target: string | undefined, skipAuth: boolean): Promise<Check[]> {
      const targets = await book();
      const wanted = target === undefined ? targets.list() : [targets.find(target)];
      const configuration: Check = {
        name: 'Configuration',
        run: async () => {
          targets.find(target);
          return { state: 'ok', detail: `${targets.list().length} targets (${targets.path})` };
        },
      };
      const rest = wanted.flatMap((one) => checksOf(one, skipAuth ? undefined : login));
      return [configuration, ...rest];
    },
    async contexts() {
      const targets = await book();
      const current = targets.list().length > 0 ? targets.find().name : undefined;
      return targets.list().map(({ name, environment, host }) => ({
        name,
        environment,
        host,
        current: name === current,
      }));
    },
    use: async (name: string) => (await book()).use(name),
    resetLogin: async (name: string) => resetLogin((await book()).find(name)),
    init: (terminal: Terminal, options: WizardOptions) => runWizard(wizard, terminal, options),
  };
}
