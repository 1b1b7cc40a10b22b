import type { VersionOneForm } from './schema.js';

/** What holds when there is no rules.yaml, as the file that says the same. */
export const baselineText = `# Packaged baseline. Every read and every change is permitted;
# what protects is consent, which depends on risk:
#   low       none   runs
#   medium    flag   dry_run=false, and confirmed=true where something is destroyed
#   high      flag   and on targets whose environment matches prod*: seal
#   critical  seal   the seal of a preview
# Write default.consent to change this, and rules to forbid, require or permit.
version: 1
default:
  read: permit
  write: permit
`;

/** The same, parsed: a start without a file needs no YAML parser. */
export const baseline: VersionOneForm = {
  version: 1,
  default: { read: 'permit', write: 'permit' },
};
