import type { NameSource } from './name-source.js';

export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** What can stand at the cursor: words, with `nospace` words that go on, or with `files` a file. */
export interface Candidates {
  readonly kind: 'words' | 'nospace' | 'files';
  readonly words: readonly Candidate[];
}

/** What only the machine or the target knows. Asked when a word needs it, and never otherwise. */
export interface Sources {
  targets(): Promise<readonly Candidate[]>;
  hosts(): Promise<readonly string[]>;
  names(source: NameSource, target: string | undefined): Promise<readonly Candidate[]>;
}

/** Those that begin as typed; where none does, those that do when case does not count. */
export function matching(all: readonly Candidate[], typed: string): Candidates {
  const exact = all.filter(({ word }) => word.startsWith(typed));
  const lower = typed.toLowerCase();
  const words =
    exact.length > 0 ? exact : all.filter(({ word }) => word.toLowerCase().startsWith(lower));
  return { kind: 'words', words };
}
