import { expect, test } from 'vitest';
import { planned, tools, verdict } from '../../test/planned-call.js';
import { type Call, type ConsentLevel, consentLevels } from '../call.js';
import { missingTicket, needs, people } from './obligations.js';

const at = (consent: ConsentLevel, more: Partial<Call> = {}) =>
  planned({ verdict: { ...verdict, consent }, ...more });

test('a level of consent needs itself and what is less', async () => {
  for (const [i, consent] of consentLevels.entries()) {
    const call = await at(consent);
    expect(consentLevels.map((level) => needs(call, level))).toEqual(
      consentLevels.map((_, j) => j <= i),
    );
  }
  const { verdict: _verdict, ...unjudged } = await planned();
  expect(consentLevels.every((level) => needs(unjudged, level))).toBe(true);
});

test('others must agree where the rules ask for another person or for approvals, as many as they say', async () => {
  const other = (number: number) => ({ people: number, secondPerson: true });
  expect(people(await at('second_person'))).toEqual(other(1));
  for (const [consent, approvals, wanted] of [
    ['flag', 1, 1],
    ['flag', 2, 2],
    ['second_person', 3, 3],
  ] as const) {
    const asked = { verdict: { ...verdict, consent, approvals }, canAsk: true };
    expect(people(await planned(asked))).toEqual(other(wanted));
  }
});

test('a person must agree by a request when nobody can ask one here, and only then', async () => {
  expect(people(await at('human', { canAsk: false }))).toEqual({ people: 1, secondPerson: false });
  for (const more of [
    { canAsk: true },
    { consent: { seal: 's', by: 'human' as const } },
    { tool: { ...tools.raiseCounter, local: true } },
  ])
    expect(people(await at('human', { canAsk: false, ...more }))).toBeUndefined();
  expect(
    people(await at('human', { canAsk: false, consent: { seal: 's', by: 'caller' } })),
  ).toBeDefined();
  expect(people(await at('seal', { canAsk: false }))).toBeUndefined();
});

const ticketed = (tickets: readonly string[] | undefined, ticket?: string) =>
  planned({
    verdict: { ...verdict, ...(tickets ? { tickets } : {}) },
    ...(ticket ? { ticket } : {}),
  });

test('a ticket must be there and be like every one that the rules ask for', async () => {
  for (const [tickets, ticket] of [
    [undefined, undefined],
    [[], undefined],
    [['*'], 'anything'],
    [['CHG*', '*7'], 'CHG17'],
    [['caf\u00e9'], 'cafe\u0301'],
  ] as const)
    expect(missingTicket(await ticketed(tickets, ticket))).toBeUndefined();
});

test('a ticket that is missing, or is none of those wanted, is asked for', async () => {
  for (const [tickets, ticket, message] of [
    [['*'], undefined, 'the rules ask for a ticket.'],
    [['CHG*'], undefined, 'the rules ask for a ticket like CHG*.'],
    [['*', 'CHG*'], 'INC1', 'the rules ask for a ticket like CHG*, and INC1 is none.'],
  ] as const)
    expect(missingTicket(await ticketed(tickets, ticket))).toEqual({
      status: 'refused',
      by: 'consent',
      code: 'NO_TICKET',
      message: `Raise red: ${message} Nothing was changed.`,
      remedy: 'Call again with the ticket: input `ticket`, or --ticket at a terminal.',
      rule: 'default',
      details: { tickets },
    });
});

test('a change without a plan is called one', async () => {
  const { plan: _plan, ...call } = await ticketed(['*']);
  expect(missingTicket(call)).toMatchObject({
    message: 'This change: the rules ask for a ticket. Nothing was changed.',
  });
});
