// What `vmware-audit verify` costs on a log of a million rows, in archives and audit.db: rows a second, and memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inAuditHome, row } from './audit-home.mjs';
import { cleanEnv } from './measure.mjs';
import { policySources } from './policy-sources.mjs';

const rows = Number(process.env.VERIFY_ROWS ?? 1_000_000);

export async function bench() {
  const audit = await policySources('verify', [
    'home',
    'audit/store',
    'audit/rotate',
    'audit/verify',
  ]);
  const { seconds, megabytes, said } = await inAuditHome(audit.homeAt, async (home) => {
    await fill(audit, home);
    return verifyInAProgram(audit.files, home.dir);
  });
  if (said.verdict !== 'intact') throw new Error(JSON.stringify(said));
  const perSecond = said.rows / seconds;
  const detail = `${said.rows} rows in ${said.archives} archives and audit.db`;
  return [
    {
      what: `30,000 rows/s in what verify does: ${Math.round(perSecond)} rows/s`,
      ratio: 30_000 / perSecond,
      target: 1,
      detail,
    },
    { what: `memory of verify in 150 MB: ${megabytes} MB`, ratio: megabytes / 150, target: 1 },
  ];
}

async function fill({ Store, rotate }, home) {
  const store = new Store(home);
  for (let left = rows; left > 0; left -= 5_000) {
    await Promise.all(Array.from({ length: Math.min(left, 5_000) }, () => store.append(row())));
    store.anchor();
    if (left % 100_000 === 0 && left < rows) await rotate(home, { rows: 20_000 });
  }
  store.close();
}

/** A program of its own: its memory is not that of the one that wrote the rows. */
async function verifyInAProgram(files, dir) {
  const program = join(dir, 'verify.mjs');
  writeFileSync(
    program,
    `import { homeAt } from '${files[0]}';
import { verifyLog } from '${files[3]}';
const start = performance.now();
const said = verifyLog(homeAt(process.argv[2]));
const seconds = (performance.now() - start) / 1000;
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ seconds, megabytes, said }));
`,
  );
  const child = spawn(process.execPath, [program, dir], {
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(said);
}
