import type { Home } from '../../home.js';
import { Refusal } from '../../refusal.js';
import type { BreakGlass } from '../../rules/settings.js';
import { rulesText } from '../rules/rules-file.js';

/** What the rules in force say of breaking the glass. Throws DENIED when they say nothing: then nobody may. */
export async function breakGlassOf(home: Home): Promise<{ settings: BreakGlass; source: string }> {
  const text = await rulesText(home, undefined);
  const { breakGlass } = await text.set();
  if (breakGlass) return { settings: breakGlass, source: text.source };
  throw new Refusal(
    'DENIED',
    `The ${text.source} names nobody who may break the glass.`,
    `Add \`break_glass: {users: [...]}\` to ${home.rules}, then run \`vmware-audit rules lint\`.`,
  );
}
