import type { RE2JS } from 're2js';

/** A text in NFC. Below U+0300 every text is, and asking for it costs more than looking. */
export const nfc = (text: string): string =>
  /[\u0300-\uffff]/.test(text) ? text.normalize('NFC') : text;

/**
 * A glob over a whole string: `*` is any run, `?` one code point, everything else itself. Case-sensitive.
 * Two pointers, so time is at most pattern length times text length, whatever the pattern.
 * `text` must be in NFC; the pattern is brought to NFC here.
 */
export function glob(pattern: string): (text: string) => boolean {
  const wanted = [...pattern.normalize('NFC')];
  if (wanted.every((c) => c === '*') && wanted.length > 0) return () => true;
  if (!wanted.includes('*') && !wanted.includes('?')) {
    const literal = wanted.join('');
    return (text) => text === literal;
  }
  const [head = '', tail = '', ...more] = wanted.join('').split('*');
  if (!wanted.includes('?') && more.length === 0)
    return (text) =>
      text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  // Without surrogates a text's units are its code points.
  return (text) => matches(wanted, /[\ud800-\udfff]/.test(text) ? [...text] : text);
}

function matches(wanted: readonly string[], text: readonly string[] | string): boolean {
  let at = 0;
  let w = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (wanted[w] === '*') {
      star = w++;
      resume = at;
    } else if (wanted[w] === '?' || wanted[w] === text[at]) {
      w++;
      at++;
    } else if (star >= 0) {
      w = star + 1;
      at = ++resume;
    } else return false;
  }
  while (wanted[w] === '*') w++;
  return w === wanted.length;
}

/** Whether any of the globs matches. An empty list matches nothing. */
export function anyGlob(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map(glob);
  return (text) => tests.some((test) => test(text));
}

/** Compiles regular expressions of rules. RE2 syntax and linear time; the whole value must match. */
export type RegexCompiler = (pattern: string) => (text: string) => boolean;

/** Loads re2js. Only called when a rules file has an `re:` condition: most files have none. */
export async function loadRegexCompiler(): Promise<RegexCompiler> {
  const { RE2JS: engine } = await import('re2js');
  return (pattern) => {
    const compiled: RE2JS = engine.compile(pattern.normalize('NFC'));
    return (text) => compiled.matcher(text).matches();
  };
}
