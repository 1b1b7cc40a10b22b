import { propertiesBehind, type Ref } from '@vmware/clients/vim';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';

const paths = [
  'info.key',
  'info.name',
  'info.descriptionId',
  'info.entityName',
  'info.entity',
  'info.state',
  'info.progress',
  'info.error',
  'info.queueTime',
  'info.startTime',
  'info.completeTime',
];

const text = z.string().nullable();

export const getRecentTasks = defineTool({
  name: 'get_recent_tasks',
  usage: 'task list',
  summary: 'Recent tasks, newest first; vCenter keeps about ten minutes of them here.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  columns: ['id', 'name', 'entity', 'state', 'progress', 'start_time', 'error'],
  examples: ['task list', 'task list --count 5 -o json'],
  input: z.object({ count: z.int().min(1).max(200).default(20).describe('How many.') }),
  output: pageOf(
    z.object({
      id: z.string(),
      name: text,
      entity: text,
      entity_id: text,
      state: text,
      progress: z.int().nullable(),
      queued_time: text,
      start_time: text,
      complete_time: text,
      description: text,
      error: text,
    }),
  ),
}).run(async ({ count }, { vim }, { signal }) => {
  const { taskManager } = await vim.content({ signal });
  const recent = await propertiesBehind(vim, taskManager, 'recentTask', 'Task', paths, { signal });
  const tasks = recent.map(({ ref, props: info }) => {
    const get = <T>(path: string): T | null => (info[`info.${path}`] as T | undefined) ?? null;
    return {
      id: ref.value,
      name: get<string>('name') ?? get<string>('descriptionId'),
      entity: get<string>('entityName'),
      entity_id: get<Ref>('entity')?.value ?? null,
      state: get<string>('state'),
      progress: get<number>('progress'),
      queued_time: get<string>('queueTime'),
      start_time: get<string>('startTime'),
      complete_time: get<string>('completeTime'),
      description: get<string>('descriptionId'),
      error: get<{ localizedMessage?: string }>('error')?.localizedMessage ?? null,
    };
  });
  const queued = ({ queued_time }: (typeof tasks)[number]) => queued_time ?? '';
  tasks.reverse().sort((a, b) => (queued(a) === queued(b) ? 0 : queued(a) < queued(b) ? 1 : -1));
  const items = tasks.slice(0, count);
  const truncated = items.length < tasks.length;
  return {
    items,
    returned: items.length,
    limit: count,
    total: tasks.length,
    truncated,
    next_cursor: null,
    hint: truncated
      ? `The newest ${items.length} of ${tasks.length} tasks. Raise count for more.`
      : null,
  };
});
