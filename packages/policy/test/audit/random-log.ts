import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveDir } from '../../src/audit/archives.js';
import { phases } from '../../src/audit/event.js';
import { rotate } from '../../src/audit/rotate.js';
import { Store } from '../../src/audit/store.js';
import type { Home } from '../../src/home.js';
import { draft } from '../draft.js';
import { quickHome, tamper } from './log-lab.js';

/** Numbers from 0 to 1 that are the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: () => number, from: readonly T[]): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('Nothing to pick from');
  return found;
};

const pieces = [
  'web-01',
  '',
  ' ',
  '\n\r\t\0\u0001\u001f\u007f\u0080',
  '"\\\'`',
  '\u2028\u2029\ufeff',
  'ü 漢字 👩‍👩‍👧',
  '\ud800',
  '\udfff',
  '\ufffd',
  '\u202eevil',
  '</script>',
  "x'; DROP TABLE event; --",
  '1e400',
  '\u{10ffff}',
];

/**
 * A log as it may come about: random content, changes that end and changes that do not, rotations, checkpoints,
 * and what a crash leaves behind.
 */
export async function randomLog(random: () => number): Promise<{ home: Home; dangling: number }> {
  const home = quickHome();
  const store = new Store(home);
  await store.ready();
  const text = () => Array.from({ length: random() * 4 }, () => pick(random, pieces)).join('');
  const plain = phases.filter(
    (phase) => !['intent', 'outcome', 'seal', 'in_doubt'].includes(phase),
  );
  const rows = Math.floor(random() * 301);
  let left = rows;
  let dangling = 0;
  while (left > 0) {
    const many = Math.min(left, 1 + Math.floor(random() * 120));
    left -= many;
    const written = Array.from({ length: many }, () => {
      const content = { tool: text(), target: text(), agent: text(), body: { [text()]: text() } };
      return random() < 0.3
        ? change(store, content, random)
        : store.append(draft({ ...content, phase: pick(random, plain) })).then(() => false);
    });
    dangling += (await Promise.all(written)).filter(Boolean).length;
    if (random() < 0.5) store.anchor({ always: random() < 0.7 });
    if (random() < 0.3) await rotate(home, { rows: Math.floor(random() * 60) });
  }
  store.close();
  if (rows > 0 && random() < 0.2) leftByACrash(home, random);
  return { home, dangling };
}

/** An intent and mostly its outcome. Resolves to whether it has none. */
async function change(store: Store, content: object, random: () => number): Promise<boolean> {
  const op_id = `op-${random()}`;
  await store.append(draft({ ...content, op_id, phase: 'intent' }));
  if (random() < 0.02) return true;
  await store.append(draft({ ...content, op_id, phase: 'outcome' }));
  return false;
}

function leftByACrash(home: Home, random: () => number): void {
  const dir = archiveDir(home);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, '.draft-0000000900-0000000950.db'), 'half');
  if (random() < 0.5) writeFileSync(join(dir, '0000000900-0000000950.db'), 'not sealed');
  tamper(home.auditDb, "INSERT OR REPLACE INTO meta(k, v) VALUES('keeper', 'another-boot/1/1/1')");
  try {
    const text = readFileSync(home.auditAnchor, 'utf8');
    appendFileSync(home.auditAnchor, text.slice(0, 40));
  } catch {
    // This one was never signed.
  }
}
