import { test } from 'vitest';
import {
  type Called,
  expectOwnRoutes,
  goAhead,
  type TextInput,
  textInputs,
} from '../../../test/kit/every-id.js';
import { getSupervisorKubeconfig } from '../src/tools/kubeconfig/get-supervisor-kubeconfig.js';
import { getTkcKubeconfig } from '../src/tools/kubeconfig/get-tkc-kubeconfig.js';
import { type AnyTool, changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputs, reading } from './reads.js';

/** Tools that log in and change nothing else. */
const handingOver: readonly AnyTool[] = [getSupervisorKubeconfig, getTkcKubeconfig];
const handedOver: Readonly<Record<string, object>> = {
  get_supervisor_kubeconfig: { namespace: 'dev' },
  get_tkc_kubeconfig: { name: 'web', namespace: 'dev' },
};

async function open(tool: AnyTool): Promise<Called> {
  const at = await lab();
  at.rules(goAhead);
  const { vcenter, kubeRequests } = at.sim;
  const input = changing.includes(tool)
    ? await inputFor(tool, at)
    : { ...readInputs()[tool.name], ...handedOver[tool.name] };
  return {
    input,
    call: (given, how) =>
      at.call(tool, given as never, how === 'do' ? { dryRun: false, confirmed: true } : {}),
    // What readied the lab too: a client asks the same again once it has forgotten the answers.
    routes: () =>
      [...vcenter.requests, ...kubeRequests].map(({ method, target }) => withQuery(method, target)),
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

/** A route and the names in its query, sorted. */
function withQuery(route: string, target: string): string {
  const names = [...new URL(target, 'https://vks.test').searchParams.keys()].sort();
  return `${route} ${names.join('&')}`;
}

/** A file on this machine is the caller's to name. */
const inputsOf = ({ input }: AnyTool): TextInput[] =>
  textInputs(input).filter(({ name }) => name !== 'output_path');

for (const tool of [...changing, ...reading, ...handingOver].filter(
  (each) => inputsOf(each).length > 0,
))
  test(
    `${tool.name}: no hostile text in any input leads to a request outside its routes`,
    () => expectOwnRoutes(inputsOf(tool), () => open(tool)),
    600_000,
  );
