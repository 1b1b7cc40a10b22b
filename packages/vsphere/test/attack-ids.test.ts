import type { Tool } from '@vmware/policy';
import type { Simulation } from '@vmware/simulators';
import { expect, test } from 'vitest';
import {
  type Called,
  expectOwnRoutes,
  goAhead,
  type TextInput,
  textInputs,
} from '../../../test/kit/every-id.js';
import { hostileIds } from '../../../test/kit/hostile-ids.js';
import { envelope } from '../../clients/src/vim/envelope.js';
import { bodyOf } from '../../simulators/src/vcenter/xml.js';
import type { VsphereClients } from '../src/define.js';
import { changing, inputFor } from './changes.js';
import { lab } from './lab.js';
import { readInputs, reading } from './reads.js';

type AnyTool = Tool<VsphereClients>;

async function open(tool: AnyTool): Promise<Called> {
  const vc = await lab();
  vc.rules(goAhead);
  const { requests } = vc.sim;
  return {
    input: changing.includes(tool) ? inputFor(tool) : (readInputs[tool.name] ?? {}),
    call: (given, how) =>
      vc.call(tool, given as never, how === 'do' ? { dryRun: false, confirmed: true } : {}),
    routes: () => requests.map(({ method, on }) => `${method} ${on.split(':')[0]}`),
    verify: (given) => expectKept(tool, vc.sim, given),
    [Symbol.asyncDispose]: () => vc[Symbol.asyncDispose](),
  };
}

/** What vCenter keeps of a text is that text, and the document that carried it had nothing else in it. */
function expectKept({ name }: AnyTool, { inventory }: Simulation, given: Called['input']): void {
  const vms = inventory.all('vm');
  if (name === 'rename_vm')
    expect(vms.map((vm) => vm.name)).toContain(String(given['new_name']).trim());
  if (name === 'create_snapshot')
    expect(vms.flatMap(({ snapshots }) => snapshots)).toContainEqual(
      expect.objectContaining({
        name: String(given['snapshot_name']).trim(),
        description: given['description'] ?? '',
        children: [],
      }),
    );
}

const inputsOf = ({ input }: AnyTool): TextInput[] => textInputs(input);

test('every reading tool has an input in its table', () => {
  expect(Object.keys(readInputs).sort()).toEqual(reading.map(({ name }) => name).sort());
});

for (const tool of [...changing, ...reading].filter((each) => inputsOf(each).length > 0))
  test(
    `${tool.name}: no hostile text in any input leads to another method or object, and none changes a document`,
    () => expectOwnRoutes(inputsOf(tool), () => open(tool)),
    600_000,
  );

test('a text that XML can carry is the text of its own element, and nothing else in the document', () => {
  const documentWith = (newName: string) =>
    bodyOf(envelope('Rename_Task', { type: 'VirtualMachine', value: newName }, { newName }));
  const harmless = JSON.stringify(documentWith('HARMLESS'));
  const carried = hostileIds.flatMap((text) => {
    try {
      return [{ text, document: documentWith(text) }];
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_TEXT' });
      return [];
    }
  });
  expect(carried.length).toBeGreaterThan(400);
  for (const { text, document } of carried)
    expect(JSON.stringify(document)).toBe(
      harmless.replaceAll('"HARMLESS"', () => JSON.stringify(text)),
    );
});
