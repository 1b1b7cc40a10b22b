import { expect, test } from 'vitest';
import { hidden } from './commands.js';
import { script } from './scripts.js';
import { shells } from './shells.js';

test.each(shells)('the %s script names its program and asks the hidden command only', (shell) => {
  const text = script(shell, 'vmware-nsx-security');
  expect(text).toContain('vmware-nsx-security');
  expect(text).toContain(` ${hidden} `);
  expect(text).toContain(shell === 'powershell' ? '2>$null' : '2>/dev/null');
  expect(text).not.toMatch(/eval|Invoke-Expression|iex\b/);
});

// PowerShell itself is seldom there to try it: what can be read from the text is read from the text.
test('the PowerShell script closes what it opens, and hands over words without an empty one', () => {
  const text = script('powershell', 'vmware-vsphere');
  const count = (mark: string) => text.split(mark).length;
  for (const [open, close] of [
    ['{', '}'],
    ['(', ')'],
    ['[', ']'],
  ] as const)
    expect(count(open)).toBe(count(close));
  expect(text).toContain('Register-ArgumentCompleter -Native -CommandName');
  expect(text).toContain('"--word=$word" -- @before');
  expect(text).toContain('-split "`t", 2');
});
