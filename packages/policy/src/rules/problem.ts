import type { Place } from './rule-set.js';

/** One thing wrong with a rules file. */
export interface Fault {
  readonly message: string;
  readonly place?: Place | undefined;
}

/** The rules file cannot be used, so nothing is allowed. The message names file, line and column. */
export class RulesUnavailable extends Error {
  readonly code = 'RULES_UNAVAILABLE';
  readonly remedy: string;
  readonly faults: readonly Fault[];
  /** `rules.yaml:12:5` of the first fault. */
  readonly where: string;

  constructor(file: string, faults: readonly Fault[], remedy?: string) {
    const [first] = faults;
    const at = first?.place;
    const where = at ? `${file}:${at.line}:${at.column}` : file;
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    super(`${where}: ${first?.message ?? 'cannot be used'}${more}`);
    this.name = 'RulesUnavailable';
    this.where = where;
    this.faults = faults;
    this.remedy = remedy ?? 'Run `vmware-audit rules lint` and mend the line it names.';
  }
}
