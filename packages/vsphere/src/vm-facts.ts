import { findVm, properties, type Ref, type Vim } from '@vmware/clients/vim';
import type { BlastRadius } from '@vmware/policy';

export type PowerState = 'poweredOn' | 'poweredOff' | 'suspended';

/** What a plan has to know about a VM before it can say what would change. */
export interface VmFacts {
  readonly ref: Ref;
  readonly id: string;
  readonly name: string;
  readonly powerState: PowerState | undefined;
  readonly isTemplate: boolean;
  readonly toolsRunning: boolean;
  /** The text of a question the VM waits on; most operations hang until it is answered. */
  readonly question: string | undefined;
  readonly connectionState: string | undefined;
}

const paths = [
  'name',
  'runtime.powerState',
  'runtime.connectionState',
  'runtime.question',
  'config.template',
  'guest.toolsRunningStatus',
];

/** Looks a VM up and reads its state. Throws NOT_FOUND, or AMBIGUOUS with the candidates. */
export async function vmFacts(vim: Vim, word: string, signal: AbortSignal): Promise<VmFacts> {
  const { ref, name } = await findVm(vim, word, { signal });
  const { props } = await properties(vim, ref, paths, { signal });
  const question = props['runtime.question'] as { text?: string } | undefined;
  return {
    ref,
    id: ref.value,
    name: (props['name'] as string | undefined) ?? name,
    powerState: props['runtime.powerState'] as PowerState | undefined,
    isTemplate: props['config.template'] === true,
    toolsRunning: props['guest.toolsRunningStatus'] === 'guestToolsRunning',
    question: question && (question.text ?? 'a question'),
    connectionState: props['runtime.connectionState'] as string | undefined,
  };
}

/** Reasons that stop any change of a VM. */
export function commonBlockers({ name, question, connectionState }: VmFacts): string[] {
  return [
    ...(question ? [`${name} waits for an answer to: ${question}.`] : []),
    ...(connectionState && connectionState !== 'connected'
      ? [`${name} is ${connectionState}: its host does not answer for it.`]
      : []),
  ];
}

/** What could not be read and would have to be known. */
export const unmeasuredState = ({ name, powerState }: VmFacts): string[] =>
  powerState === undefined ? [`the power state of ${name}`] : [];

/** A change of this VM alone. */
export const oneVm = ({ id, name }: VmFacts, reversible: boolean): BlastRadius => ({
  total: 1,
  objects: [{ type: 'VirtualMachine', id, name }],
  reversible,
});
