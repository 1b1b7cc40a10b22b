import { resolve } from 'node:path';
import type { Home } from '../../home.js';
import { Refusal } from '../../refusal.js';
import { baselineText } from '../../rules/baseline.js';
import { loadRules, packagedRules } from '../../rules/load.js';
import { readRulesFile } from '../../rules/read-file.js';
import type { RuleSet } from '../../rules/rule-set.js';

export interface RulesText {
  readonly source: string;
  readonly text: string;
  readonly set: () => Promise<RuleSet>;
}

/**
 * The rules in force, or those of a named file. `set` throws RulesUnavailable for a file that does not load,
 * so that its text can be shown all the same.
 */
export async function rulesText(home: Home, file: string | undefined): Promise<RulesText> {
  const path = file === undefined ? home.rules : resolve(file);
  const read = await readRulesFile(path);
  if (read)
    return {
      source: path,
      text: read.bytes.toString('utf8'),
      set: () => loadRules(read.bytes, { file: path }),
    };
  if (file !== undefined)
    throw new Refusal('NOT_FOUND', `There is no file ${path}.`, 'Name a rules file that exists.');
  return { source: 'packaged baseline', text: baselineText, set: async () => packagedRules };
}
