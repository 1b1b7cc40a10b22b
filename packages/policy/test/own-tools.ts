import { openDatabase } from '../src/audit/driver.js';
import type { Outcome } from '../src/call.js';
import { govern } from '../src/open.js';
import { records } from '../src/tools/toolset.js';
import { as, lab } from './lab.js';

/** A lab with three rows in its log (a read, a denial and a preview), and policy's own tools on it. */
export async function labWithTools({ rules }: { rules?: string } = {}) {
  const at = await lab(rules === undefined ? {} : { rules });
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(at.tools.getCounter, {} as never, { target: 'prod' });
  await at.call(at.tools.raiseCounter, { name: 'blue' });
  const own = govern(records(at.home), { home: at.home, env: {} });
  const ask = async (tool: string, input: Record<string, unknown> = {}): Promise<Outcome> =>
    (await own.answer(tool, input, { surface: 'cli' })) ?? Promise.reject(new Error(`No ${tool}`));
  return {
    ...at,
    ask,
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
