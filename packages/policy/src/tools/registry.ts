import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ToolFacts } from '../rules/question.js';
import type { Surface } from '../surfaces/surface.js';

/** The skills that there are; nothing else is ever loaded by a name out of the log. */
export const skills = ['vsphere', 'nsx-security', 'vks'];

/** The tools of the packages that are installed beside this one, from the surfaces they ship. */
export function installedTools(): ToolFacts[] {
  const require = createRequire(import.meta.url);
  return skills.flatMap((name) => {
    let file: string;
    try {
      file = require.resolve(`@vmware/${name}/surface.json`);
    } catch {
      return [];
    }
    const { tools } = JSON.parse(readFileSync(file, 'utf8')) as Surface;
    return tools.map(({ listing, effect, risk, level, aliases }) => ({
      name: listing.name,
      effect,
      risk,
      level,
      aliases,
    }));
  });
}
