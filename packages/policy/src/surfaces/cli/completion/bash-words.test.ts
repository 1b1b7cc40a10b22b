import { expect, test } from 'vitest';
import { bashLine, bashReplies } from './bash-words.js';

const breaks = ' \t\n"\'><=;|&(:';
const line = (text: string) => bashLine(text, breaks);
const found = (...words: string[]) => words.map((word) => ({ word, help: 'what it is' }));

test.each([
  ['p vm info', ['vm', 'info'], '', ''],
  ['p vm  info ', ['vm', 'info', ''], '', ''],
  ['p ', [''], '', ''],
  ['p vm info my\\ v', ['vm', 'info', 'my v'], '', ''],
  ['p vm info "my v', ['vm', 'info', 'my v'], '', '"'],
  ['p vm info "a\\"b\\c', ['vm', 'info', 'a"b\\c'], '', '"'],
  ["p vm info 'my v", ['vm', 'info', 'my v'], '', "'"],
  ["p vm info 'my vm' -", ['vm', 'info', 'my vm', '-'], '', ''],
  ['p --output=js', ['--output=js'], '--output=', ''],
  ['p vm info a:b', ['vm', 'info', 'a:b'], 'a:', ''],
  ['p --name="my v', ['--name=my v'], '--name=', '"'],
  ['p "" x', ['', 'x'], '', ''],
] as const)('%s', (text, words, kept, quote) => {
  expect(line(text)).toEqual({ words, kept, quote });
});

test('a reply is what readline puts in, quoted as the word is', () => {
  const odd = found(`it's $HOME: "new"`);
  const reply = (text: string) => bashReplies(odd, line(text), '9');
  expect(reply('p it')).toEqual([`it\\'s\\ \\$HOME:\\ \\"new\\"`]);
  expect(reply('p "it')).toEqual([`it's \\$HOME: \\"new\\"`]);
  expect(reply("p 'it")).toEqual([`it'\\''s $HOME: "new"`]);
  expect(reply("p it\\'s\\ \\$HOME:")).toEqual([`\\ \\"new\\"`]);
  expect(bashReplies(found('--output=json'), line('p --output=j'), '9')).toEqual(['json']);
});

test('what things are is told where bash lists them, and only there', () => {
  const both = found('power-on', 'power-off');
  expect(bashReplies(both, line('p po'), '9')).toEqual(['power-on', 'power-off']);
  expect(bashReplies(both, line('p po'), '63')).toEqual([
    'power-on   (what it is)',
    'power-off  (what it is)',
  ]);
  expect(bashReplies(found('power-on'), line('p power-on'), '63')).toEqual(['power-on']);
});
