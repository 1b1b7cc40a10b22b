import type { Candidate } from './candidate.js';

/** The line that bash completes, up to the cursor. */
export interface BashLine {
  /** The words after the program's name as the program would get them; the last one is under the cursor. */
  readonly words: readonly string[];
  /** What stands before the part of the last word that readline replaces, as the program would get it. */
  readonly kept: string;
  /** The quote that the last word has open. */
  readonly quote: '"' | "'" | '';
}

/** Reads a line as bash does, a quote that is not closed yet included. `breaks` is `$COMP_WORDBREAKS`. */
export function bashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word = '';
  let isWord = false;
  let quote: BashLine['quote'] = '';
  let kept = '';
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? '';
    if (quote === '' && /\s/.test(character)) {
      if (isWord) words.push(word);
      word = '';
      kept = '';
      isWord = false;
      continue;
    }
    isWord = true;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      kept = word;
    } else if (character === '\\' && quote !== "'" && i + 1 < line.length) {
      i += 1;
      word += (quote === '"' && !/["\\$`]/.test(line[i] ?? '') ? '\\' : '') + line[i];
    } else {
      word += character;
      if (quote === '' && breaks.includes(character)) kept = word;
    }
  }
  return { words: [...words, word].slice(1), kept, quote };
}

/** What bash prints when it lists: asked for once more, or at once where `show-all-if-ambiguous` is on. */
const lists = new Set(['?', '!', '@']);

/**
 * Candidates as bash wants them: without what it keeps, quoted as the word is, and where it only lists them with
 * what they are. `type` is `$COMP_TYPE`.
 */
export function bashReplies(
  found: readonly Candidate[],
  { kept, quote }: BashLine,
  type: string,
): string[] {
  const replies = found
    .filter(({ word }) => word.startsWith(kept))
    .map(({ word, help }) => ({ reply: quoted(word.slice(kept.length), quote), help }));
  if (replies.length < 2 || !lists.has(String.fromCharCode(Number(type))))
    return replies.map(({ reply }) => reply);
  const longest = Math.max(...replies.map(({ reply }) => reply.length));
  return replies.map(({ reply, help }) => (help ? `${reply.padEnd(longest)}  (${help})` : reply));
}

/** readline closes an open quote by itself. */
function quoted(text: string, quote: BashLine['quote']): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  if (quote === '"') return text.replaceAll(/["\\$`]/g, '\\$&');
  return text.replaceAll(/[^\w%+,./:=@\u0080-\uffff-]/g, '\\$&');
}
