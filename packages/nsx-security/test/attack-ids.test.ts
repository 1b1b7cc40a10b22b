import { test } from 'vitest';
import {
  type Called,
  expectOwnRoutes,
  goAhead,
  type TextInput,
  textInputs,
} from '../../../test/kit/every-id.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputFor } from './prepared-reads.js';
import { reading } from './reads.js';

/** Names of files on this machine, which are the caller's to choose. */
const files = new Set(['file', 'before', 'after', 'snapshot', 'output']);

async function open(tool: AnyTool): Promise<Called> {
  const nsx = await lab();
  nsx.rules(goAhead);
  const input = changing.includes(tool) ? await inputFor(tool, nsx) : await readInputFor(tool, nsx);
  const { requests } = nsx.sim;
  const from = requests.length;
  return {
    input,
    call: (given, how) =>
      nsx.call(tool, given as never, how === 'do' ? { dryRun: false, confirmed: true } : {}),
    routes: () => requests.slice(from).map(({ method, target }) => withQuery(method, target)),
    [Symbol.asyncDispose]: () => nsx[Symbol.asyncDispose](),
  };
}

/** A route and the names in its query, sorted. */
function withQuery(route: string, target: string): string {
  const names = [...new URL(target, 'https://nsx.test').searchParams.keys()].sort();
  return `${route} ${names.join('&')}`;
}

const inputsOf = ({ input }: AnyTool): TextInput[] =>
  textInputs(input).filter(({ name }) => !files.has(name));

for (const tool of [...changing, ...reading].filter((each) => inputsOf(each).length > 0))
  test(
    `${tool.name}: no hostile text in any input leads to a request outside its routes`,
    () => expectOwnRoutes(inputsOf(tool), () => open(tool)),
    600_000,
  );
