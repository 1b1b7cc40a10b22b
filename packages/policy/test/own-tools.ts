import { openDatabase } from '../src/audit/driver.js';
import type { Outcome } from '../src/call.js';
import { govern } from '../src/open.js';
import type { How } from '../src/request.js';
import { records } from '../src/tools/toolset.js';
import { as, lab } from './lab.js';

/** A lab with three rows in its log (a read, a denial and a preview), and policy's own tools on it. */
export async function labWithTools({ rules }: { rules?: string } = {}) {
  const at = await lab(rules === undefined ? {} : { rules });
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(at.tools.getCounter, {} as never, { target: 'prod' });
  await at.call(at.tools.raiseCounter, { name: 'blue' });
  const own = govern(records(at.home), { home: at.home, env: {} });
  const ask = async (
    tool: string,
    input: Record<string, unknown> = {},
    how: Partial<How> = {},
  ): Promise<Outcome> =>
    (await own.answer(tool, input, { surface: 'cli', ...how })) ??
    Promise.reject(new Error(`No ${tool}`));
  return {
    ...at,
    ask,
    /** Agrees to a change as a person at a terminal does. */
    async agree(tool: string, input: Record<string, unknown> = {}): Promise<Outcome> {
      const how = { surface: 'cli', canAsk: true } as const;
      const shown = (await own.answer(tool, input, how)) ?? Promise.reject(new Error(tool));
      const preview = await shown;
      if (preview.status !== 'preview' || preview.consent === undefined) return preview;
      const consent = { seal: preview.consent, by: 'human' as const };
      const go = { ...how, dryRun: false, confirmed: true, consent };
      return (await own.answer(tool, input, go)) ?? preview;
    },
    /** The output of a tool that answers. */
    read: async (tool: string, input?: Record<string, unknown>) =>
      as('done', await ask(tool, input)).output,
    /** Does to the log what only somebody with the file in hands can do. */
    tamper(sql: string) {
      const { db } = openDatabase(at.home.auditDb);
      db.exec(`DROP TRIGGER IF EXISTS event_is_append_only_update; ${sql}`);
      db.close();
    },
    async [Symbol.asyncDispose]() {
      await own.close();
      await at[Symbol.asyncDispose]();
    },
  };
}
