// What governing costs a call: a read and a change through every stage and into the real audit.db, in durable
// inserts of the same size. A change is two of them, since its intent is on disk before it runs. Then, as facts,
// the parts that grow with data.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { defineToolset, toolsFor } from '@vmware/policy';
import { harness } from '@vmware/policy/testing';
import * as z from 'zod';
import { rulesOf } from './home.mjs';
import { interleaved } from './measure.mjs';
import { policy, policySources } from './policy-sources.mjs';

const Sqlite = createRequire(join(policy, 'package.json'))('better-sqlite3');

const defineTool = toolsFor();
const card = {
  timeout: 20_000,
  input: z.object({ name: z.string() }),
  output: z.object({ name: z.string(), value: z.int() }),
};
const look = defineTool({
  ...card,
  name: 'look',
  usage: 'look <name>',
  summary: 'Looks.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
}).run(async ({ name }) => ({ name, value: 1 }));
const touch = defineTool({
  ...card,
  name: 'touch',
  usage: 'touch <name>',
  summary: 'Changes.',
  effect: 'write',
  risk: 'medium',
  level: 'power_ops',
})
  .plan(async ({ name }) => ({
    summary: `Touch ${name}`,
    changes: [`${name} is touched`],
    requests: [`POST thing:${name}`],
    blast_radius: { total: 1, objects: [{ type: 'thing', id: name, name }], reversible: true },
    blockers: [],
    unmeasured: [],
  }))
  .run(async ({ name }) => ({ name, value: 2 }));

const target = { name: 'lab', environment: 'lab' };
const toolset = defineToolset({
  name: 'bench',
  title: 'Bench',
  version: '0',
  instructions: '',
  targets: async () => ({ list: () => [target], find: () => target }),
  connect: async () => ({ clients: {}, close: async () => {} }),
  groups: { all: [look, touch] },
});

export async function bench() {
  const here = harness(toolset);
  try {
    const ratios = await calls(here);
    const facts = await parts(here.home);
    return [...ratios, ...facts];
  } finally {
    await here[Symbol.asyncDispose]();
  }
}

async function calls(here) {
  const expect = async (outcome) => {
    const { status } = await outcome;
    if (status !== 'done') throw new Error(JSON.stringify(await outcome));
  };
  const read = () => expect(here.call(look, { name: 'thing' }));
  const change = () => expect(here.call(touch, { name: 'thing' }, { dryRun: false }));
  await read();
  await change();
  const bytes = here
    .audit()
    .map((row) => Object.values(row).reduce((sum, value) => sum + String(value).length, 0));
  const insert = durableInsert(
    join(here.home.dir, 'plain.db'),
    Math.round(bytes.reduce((a, b) => a + b) / bytes.length),
  );
  const variants = { insert: timed(insert), read: timed(read), change: timed(change) };
  const us = await interleaved(500, variants, 200);
  const detail = `one durable insert takes ${us.insert.toFixed(0)} us`;
  return [
    { what: 'governed read with its row', ratio: us.read / us.insert, target: 3, detail },
    {
      what: 'governed change with intent and outcome',
      ratio: us.change / us.insert,
      target: 3,
      detail,
    },
  ];
}

/** Resolves to the microseconds that one run takes, from a fresh turn of the event loop. */
const timed = (work) => async () => {
  await turn();
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1000;
};

function durableInsert(file, bytes) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE plain(seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO plain(body) VALUES(?)');
  const body = 'x'.repeat(bytes);
  return () => insert.run(body);
}

async function parts(home) {
  const { cleanDeep, loadRules, judge, verifyLog } = await policySources('call', [
    'sanitize/mark',
    'rules/load',
    'rules/judge',
    'audit/verify',
  ]);
  const items = Array.from({ length: 200 }, (_, row) =>
    Object.fromEntries(
      Array.from({ length: 12 }, (_, column) => [`column_${column}`, `value ${row} of ${column}`]),
    ),
  );
  const set = await loadRules(Buffer.from(rulesOf(200)));
  const question = {
    tool: { name: 'list_vms', effect: 'read', risk: 'low', level: 'read_only' },
    input: {},
    target,
    roles: [],
    when: 'before',
    rates: new Map(),
  };
  const us = await interleaved(200, {
    clean: timed(() => cleanDeep({ items })),
    stringify: timed(() => JSON.stringify({ items })),
    judge: timed(() => judge(set, question, new Date())),
  });
  const start = performance.now();
  const { rows, verdict } = verifyLog(home);
  const seconds = (performance.now() - start) / 1000;
  return [
    {
      what: 'cleaning 200 rows of 12 texts, in JSON.stringify of them',
      ratio: us.clean / us.stringify,
    },
    { what: `deciding a call by 200 rules takes ${us.judge.toFixed(0)} us` },
    {
      what: `vmware-audit verify checks ${Math.round(rows / seconds)} rows/s of ${rows} (${verdict})`,
    },
  ];
}
