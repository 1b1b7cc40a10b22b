// How the story is told, and how it notices that something did not happen.
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (colour ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text) => (colour ? `\u001b[2m${text}\u001b[0m` : text);

let chapters = 0;
export const chapter = (title) => {
  chapters += 1;
  process.stdout.write(`\n${bold(`${chapters}. ${title}`)}\n`);
};
export const say = (text) => process.stdout.write(`   ${text.replaceAll('\n', '\n   ')}\n`);
export const quiet = (text) => say(dim(text));

/** Stops the story with exit code 1 when what it tells is not so. */
export function expect(holds, what) {
  if (holds) return;
  process.stdout.write(`\n   This should not be: ${what}\n`);
  throw new Error(what);
}
