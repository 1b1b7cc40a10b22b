import type { Terminal } from '../src/setup/index.js';

/** Somebody at a terminal who gives these answers, one after another, and then nothing but empty ones. */
export function person(...answers: string[]) {
  const said: string[] = [];
  const ask = async (question: string) => {
    said.push(question);
    return answers.shift() ?? '';
  };
  const terminal: Terminal = {
    isInteractive: true,
    ask,
    askHidden: ask,
    talk: (text) => void said.push(text),
  };
  return { terminal, said, left: answers };
}
