import { expect, test } from 'vitest';
import { fieldChanges } from './field-changes.js';

const rule = { logged: false, action: 'ALLOW', services: ['/infra/services/HTTPS'], tag: null };

test('says of each field what it is and what it would be, and keeps what it was', () => {
  const given = { logged: true, action: 'DROP', services: ['ANY'], tag: 'web', notes: 'why' };
  expect(fieldChanges(rule, given)).toEqual({
    changes: [
      'logged: false → true',
      'action: "ALLOW" → "DROP"',
      'services: [/infra/services/HTTPS] → [ANY]',
      'tag: (none) → "web"',
      'notes: (none) → "why"',
    ],
    values: given,
    previous: { ...rule, notes: undefined },
  });
});

test('what is undefined is not given, and what is the same is no change', () => {
  const given = { logged: false, services: ['/infra/services/HTTPS'], action: undefined };
  expect(fieldChanges(rule, given)).toEqual({
    changes: [],
    values: { logged: false, services: ['/infra/services/HTTPS'] },
    previous: {},
  });
});

test('the text "false" is not the value, and emptying a field is a change', () => {
  expect(fieldChanges({ logged: 'false' }, { logged: false }).changes).toHaveLength(1);
  expect(fieldChanges({ description: 'x' }, { description: '' }).changes).toEqual([
    'description: "x" → ""',
  ]);
});
