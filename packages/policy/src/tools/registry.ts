import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ToolFacts } from '../rules/question.js';
import type { Surface } from '../surfaces/surface.js';

const packages = ['@vmware/vsphere', '@vmware/nsx-security', '@vmware/vks'];

/** The tools of the packages that are installed beside this one, from the surfaces they ship. */
export function installedTools(): ToolFacts[] {
  const require = createRequire(import.meta.url);
  return packages.flatMap((name) => {
    let file: string;
    try {
      file = require.resolve(`${name}/surface.json`);
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
