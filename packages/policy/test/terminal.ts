import type { Terminal } from '../src/surfaces/cli/terminal.js';

/** A person who gives these answers, one after another; none at all: nobody is there. */
export function scripted(...answers: string[]) {
  const said = { data: '', talk: '', asked: [] as string[] };
  const ask = async (question: string) => {
    said.asked.push(question);
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`Nobody expected to be asked: ${question}`);
    return answer;
  };
  const terminal: Terminal = {
    data(text) {
      said.data += text;
    },
    talk(text) {
      said.talk += `${text}\n`;
    },
    isInteractive: answers.length > 0,
    ask,
    askHidden: ask,
  };
  return { terminal, said };
}
