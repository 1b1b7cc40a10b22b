// What deciding costs: 1,000 rules that all have to be looked at to the end, beside 10 of the same kind, and 200
// patterns made to explode, each on a value of 1 KiB. What is promised is milliseconds, so they are those of the CPU:
// a busy machine makes a call wait, and does not make it work more. Beside them, the time of a loop that only counts.
import { median } from './measure.mjs';
import { policySources } from './policy-sources.mjs';

const promised = { decision: 1, pattern: 5 };
const rounds = 3_000;

export async function bench() {
  const { loadRules, judge, bombs } = await policySources('rules', [
    'rules/load',
    'rules/judge',
    '../test/rules/bombs',
  ]);
  // JSON is YAML too.
  const load = (form) => loadRules(Buffer.from(JSON.stringify(form)));
  const [few, many] = [await load(fileOf(10)), await load(fileOf(1_000))];
  const start = Date.UTC(2026, 5, 10);
  const decide = (set) => (round) => judge(set, question, new Date(start + round * 60_000));
  const samples = inTurn({ count, few: decide(few), many: decide(many) });
  const slowest = [];
  for (const bomb of bombs) slowest.push({ ms: await defuse(bomb, load, judge), bomb });
  slowest.sort((a, b) => b.ms - a.ms);
  const [worst] = slowest;
  const p99 = percentile(samples.many, 99);
  const counting = `counting to 100,000 takes ${median(samples.count).toFixed(3)} ms`;
  return [
    {
      what: 'p99 of a decision by 1,000 rules, in milliseconds',
      ratio: p99 / promised.decision,
      target: 1,
      detail: `p50 ${median(samples.many).toFixed(3)} ms, p99 ${p99.toFixed(3)} ms; ${counting}`,
    },
    {
      what: 'a decision by 1,000 rules, in decisions by 10',
      ratio: median(samples.many) / median(samples.few),
      target: 120,
      detail: `p50 by 10 rules ${(median(samples.few) * 1_000).toFixed(1)} us`,
    },
    {
      what: `the slowest of ${bombs.length} explosive patterns on 1 KiB, in 5 milliseconds`,
      ratio: worst.ms / promised.pattern,
      target: 1,
      detail: `${worst.ms.toFixed(2)} ms for ${worst.bomb.kind} ${worst.bomb.pattern.slice(0, 40)}; median ${median(slowest.map(({ ms }) => ms)).toFixed(3)} ms`,
    },
  ];
}

const question = {
  tool: { name: 'delete_vm', effect: 'destroy', risk: 'high', level: 'vm_lifecycle' },
  input: { name: 'web-1234', count: 3, disk: { size_gb: 40 } },
  target: { name: 'vc-1', environment: 'lab' },
  roles: ['ops'],
  when: 'after',
  size: 3,
  rates: new Map(),
};

/** Rules that mean this very call until their last condition, which fails. */
function fileOf(count) {
  const last = [
    (i) => ({ args: { name: { glob: `*-${i}-*` } } }),
    (i) => ({ args: { 'disk.size_gb': { min: 100 + i } } }),
    (i) => ({ blast_radius: { min: 100 + i } }),
    (i) => ({ args: { name: { in: [`a${i}`, `b${i}`] } } }),
    () => ({ window: { from: '23:58', to: '23:59', tz: 'Europe/Berlin', days: [] } }),
  ];
  const rules = Array.from({ length: count }, (_, i) => ({
    id: `rule-${i}`,
    effect: i % 2 ? 'permit' : 'forbid',
    tools: [`list_${i}`, 'delete_*'],
    risk: { min: 'medium' },
    targets: { environments: ['prod*', 'l*b'] },
    roles: ['ops'],
    when: last[i % last.length](i),
  }));
  return { version: 1, roles: { ops: { users: ['*'], level: 'full_admin' } }, rules };
}

function count() {
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum += i;
  return sum;
}

/** Milliseconds of CPU since an earlier reading. */
function cpu(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** Milliseconds of every run, the variants taking turns, after a tenth of them that do not count. */
function inTurn(variants) {
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = -rounds / 10; round < rounds; round++)
    for (const [name, work] of Object.entries(variants)) {
      const start = process.cpuUsage();
      work(round);
      const took = cpu(start);
      if (round >= 0) samples[name].push(took);
    }
  return samples;
}

const percentile = (values, percent) =>
  [...values].sort((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1];

/** Median milliseconds of five decisions that hang on the pattern alone. */
async function defuse({ kind, pattern, text, matches }, load, judge) {
  const rule = { id: 'bomb', effect: 'permit', when: { args: { name: { [kind]: pattern } } } };
  const set = await load({ version: 1, rules: [rule] });
  const asked = { ...question, input: { name: text } };
  const samples = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    const { allowed } = judge(set, asked, new Date(0));
    const took = cpu(start);
    if (allowed !== matches) throw new Error(`${kind} ${pattern} was answered wrongly`);
    return took;
  });
  return median(samples);
}
