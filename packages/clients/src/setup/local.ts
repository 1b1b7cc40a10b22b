import { resetLogin } from '../http/login-circuit.js';
import { openTargets } from '../targets/book.js';
import type { Check, Finding, Terminal } from './check.js';
import { checksOf } from './checks.js';
import { runWizard, type Wizard, type WizardOptions } from './wizard.js';

/** What a product's program can do on this machine: doctor's checks, contexts, init. */
export function localOf(wizard: Wizard) {
  const { product, login } = wizard;
  const book = () => openTargets({ product });
  return {
    async checks(target: string | undefined, skipAuth: boolean): Promise<Check[]> {
      const opened = await book().catch((error: unknown) => ({ error }));
      const name = 'Configuration';
      // A file that cannot be read is a finding like any other.
      if ('error' in opened) return [{ name, run: () => Promise.reject(opened.error) }];
      const all = opened.list();
      const run = async (): Promise<Finding> => {
        opened.find(target);
        return { state: 'ok', detail: `${all.length} targets (${opened.path})` };
      };
      const wanted = all.filter((one) => target === undefined || one.name === target);
      const rest = wanted.flatMap((one) => checksOf(one, skipAuth ? undefined : login));
      return [{ name, run }, ...rest];
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
