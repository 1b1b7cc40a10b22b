import { expect, test } from 'vitest';
import { passwords, tokens } from '../../../../test/kit/canaries.js';
import { allKept, allSaid, leaksOf } from '../../../../test/kit/leaks.js';
import { describe } from '../../src/surfaces/docs/describe.js';
import { harness } from '../../src/testing/harness.js';
import { lab } from '../lab.js';
import { textsOf } from './texts.js';

const all = [...passwords, ...tokens];

test.each(all)('a secret input is told and kept nowhere: $kind', async (canary) => {
  await using at = await lab();
  const surface = describe(at.toolset);
  const said: string[] = [];
  for (const name of ['red', 'no-such-counter']) {
    const outcome = await at.call(at.tools.raiseCounter, { name, pin: canary.secret });
    said.push(await allSaid(surface, 'raise_counter', outcome));
  }
  const wrong = await at.call(at.tools.raiseCounter, {
    name: 'red',
    pin: [canary.secret],
  } as never);
  const done = await at.change(at.tools.raiseCounter, { name: 'red', pin: canary.secret });
  expect([wrong.status, done.status]).toEqual(['refused', 'done']);
  said.push(
    await allSaid(surface, 'raise_counter', wrong),
    await allSaid(surface, 'raise_counter', done),
  );
  expect(leaksOf([canary], [...said, ...(await allKept(at))])).toEqual([]);
});

test.each(tokens)('a token in any text of an input is kept nowhere: $kind', async (canary) => {
  await using at = await lab();
  const tag = canary.text.slice(0, 80);
  expect(await at.change(at.tools.raiseCounter, { name: 'red', tag })).toMatchObject({
    status: 'done',
  });
  await at.call(at.tools.raiseCounter, { name: 'red', by: canary.text } as never);
  await at.call(at.tools.getCounter, { [canary.text]: canary.text } as never, {
    ticket: canary.text,
  });
  const secret = tag.includes(canary.secret) ? [canary] : [];
  expect(leaksOf(secret, await allKept(at))).toEqual([]);
});

test.each(tokens)(
  'a tool that crashes or fails tells and keeps nothing of it: $kind',
  async (canary) => {
    const target = { texts: [canary.text] };
    const { toolset, tools } = textsOf(target);
    await using at = harness(toolset);
    const surface = describe(toolset);
    const said = [
      await allSaid(surface, 'break_texts', await at.call(tools.breakTexts, {})),
      await allSaid(surface, 'refuse_texts', await at.call(tools.refuseTexts, {})),
      await allSaid(surface, 'change_texts', await at.change(tools.changeTexts, {})),
    ];
    expect(leaksOf([canary], [said[0] ?? '', said[1] ?? '', ...(await allKept(at))])).toEqual([]);
    expect(leaksOf([canary], [said[2] ?? ''])).toEqual([]);
  },
);
