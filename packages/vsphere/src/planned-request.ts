import { changeError } from '@vmware/clients/http';
import { awaitTask, type Ref, type Vim } from '@vmware/clients/vim';
import { type Context, type Plan, Refusal } from '@vmware/policy';

/** How a plan names a request: `PowerOffVM_Task VirtualMachine:vm-12`. */
export const requestOf = (method: string, { type, value }: Ref): string =>
  `${method} ${type}:${value}`;

interface PlannedObject {
  readonly ref: Ref;
  readonly id: string;
  readonly name: string;
}

/** The VM that was agreed to, whatever its name leads to by now. */
export const plannedVm = (context: Context<Plan>): PlannedObject =>
  planned(context, 'VirtualMachine');

/** The snapshot that was agreed to; its name is its path in the tree. */
export const plannedSnapshot = (context: Context<Plan>): PlannedObject =>
  planned(context, 'VirtualMachineSnapshot');

function planned({ plan }: Context<Plan>, type: string): PlannedObject {
  const found = plan.blast_radius.objects.find((object) => object.type === type);
  if (!found) throw new TypeError(`The plan names no ${type}`);
  return { ref: { type, value: found.id }, id: found.id, name: found.name };
}

/** A request that the agreed plan does not name is never sent. */
function expectPlanned({ plan }: Context<Plan>, method: string, on: Ref): void {
  if (plan.requests.includes(requestOf(method, on))) return;
  throw new Refusal(
    'NOT_PLANNED',
    `${requestOf(method, on)} is not part of the plan that was agreed to.`,
    'Preview again with dry_run=true.',
  );
}

/** The command that shows whether a change happened whose answer was lost. The id holds whatever the name is by now. */
function checkOf(method: string, context: Context<Plan>): string {
  const { id } = plannedVm(context);
  return `vmware-vsphere ${method.includes('Snapshot') ? 'snapshot list' : 'vm info'} ${id}`;
}

/** Sends one planned change and waits for nothing. A lost answer names the command that shows what became of it. */
export async function send<T = undefined>(
  vim: Vim,
  method: string,
  on: Ref,
  args: Readonly<Record<string, unknown>>,
  context: Context<Plan>,
): Promise<T> {
  expectPlanned(context, method, on);
  try {
    return await vim.call<T>(method, on, args, { signal: context.signal });
  } catch (error) {
    throw changeError(error, { done: 0, total: 1, check: checkOf(method, context) });
  }
}

/** Sends one planned change that answers with a task, and waits for the task. Resolves to the task and its result. */
export async function sendTask<T = undefined>(
  vim: Vim,
  method: string,
  on: Ref,
  args: Readonly<Record<string, unknown>>,
  context: Context<Plan>,
): Promise<{ task: string; result: T }> {
  const task = await send<Ref>(vim, method, on, args, context);
  const { signal, progress } = context;
  const result = await awaitTask<T>(vim, task, {
    signal,
    progress: ({ done, total }) => progress({ done, total, message: method }),
  });
  return { task: task.value, result };
}
