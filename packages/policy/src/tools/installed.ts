import { createRequire } from 'node:module';
import { Refusal } from '../refusal.js';
import type { Load } from '../surfaces/mcp/serve.js';
import type { Surface } from '../surfaces/surface.js';
import { skills } from './registry.js';

/** A skill that is installed beside this program: what it offers, and how to load it under its authorities. */
export interface Installed {
  readonly surface: Surface;
  readonly load: Load;
}

/** The package of a skill as the log names it: `vsphere`. Throws NOT_INSTALLED. */
export function installed(skill: string): Installed {
  if (!skills.includes(skill)) throw notInstalled(skill);
  const require = createRequire(import.meta.url);
  try {
    const surface = require(`@vmware/${skill}/surface.json`) as Surface;
    // An ES module without top-level await: Node 20.19 and newer can require it, and a bundle need not import it.
    const { load } = require(`@vmware/${skill}/govern`) as { load: Load };
    return { surface, load };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw notInstalled(skill);
  }
}

const notInstalled = (skill: string) =>
  new Refusal(
    'NOT_INSTALLED',
    `@vmware/${skill}, which made this change, is not installed beside vmware-audit.`,
    `Run \`npm install @vmware/${skill}\` in the folder that has @vmware/policy.`,
  );
