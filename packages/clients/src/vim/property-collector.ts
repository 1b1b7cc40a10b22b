import type { CallOptions, Vim, Within } from './client.js';
import { pages } from './pages.js';
import type { Ref, Row } from './types.js';

export interface Retrieve extends CallOptions {
  /** Managed object type: `VirtualMachine`. */
  readonly type: string;
  /** Leaf paths. Fewer are faster: the server and the parser work per property. */
  readonly paths: readonly string[];
  /** Where to begin; the root folder when absent. */
  readonly root?: Ref | undefined;
  /** Rows the server sends at a time. */
  readonly pageSize?: number | undefined;
}

/** The next page is on its way while one is parsed; smaller ones cost more requests, larger ones more waiting. */
const rowsPerPage = 1_000;

/**
 * Every object of a type below `root`, in one ContainerView walk, rows as they are parsed. Leaving early
 * tells the server to stop. Source: PropertyCollector.RetrievePropertiesEx, ViewManager.CreateContainerView.
 */
export async function* retrieve(vim: Vim, options: Retrieve): AsyncGenerator<Row> {
  const { signal } = options;
  // Rows come in batches up to here: one turn of the event loop for each row would cost as much as parsing it.
  for await (const rows of vim.stream((within) => walk(vim, within, options), { signal }))
    yield* rows;
}

async function* walk(vim: Vim, within: Within, options: Retrieve): AsyncGenerator<Row[]> {
  const { content } = within;
  const view = await within.call<Ref>('CreateContainerView', content.viewManager, {
    container: options.root ?? content.rootFolder,
    type: [options.type],
    recursive: true,
  });
  try {
    const listed = { $type: 'TraversalSpec', type: 'ContainerView', path: 'view', skip: false };
    yield* pages(vim, within, {
      specSet: [
        {
          propSet: [{ type: options.type, all: false, pathSet: [...options.paths] }],
          objectSet: [{ obj: view, skip: true, selectSet: [listed] }],
        },
      ],
      options: { maxObjects: options.pageSize ?? rowsPerPage },
    });
  } finally {
    // The walk is over, perhaps by the caller's signal: the view ends all the same.
    await vim.tidy(within, 'DestroyView', view);
  }
}

/** Properties of one object. Throws NOT_FOUND when it is gone. */
export async function properties(
  vim: Vim,
  ref: Ref,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Row> {
  const [row] = await propertiesOf(vim, [ref], paths, options);
  return row ?? { ref, props: {}, missing: {} };
}

/** The same properties of several objects, whatever their types, in one request. */
export async function propertiesOf(
  vim: Vim,
  refs: readonly Ref[],
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Row[]> {
  if (refs.length === 0) return [];
  const types = [...new Set(refs.map(({ type }) => type))];
  return collect(vim, options, {
    propSet: types.map((type) => ({ type, all: false, pathSet: [...paths] })),
    objectSet: refs.map((obj) => ({ obj, skip: false })),
  });
}

/**
 * Properties of the objects that a property of another one refers to, such as a TaskManager's recentTask,
 * in one request: an object that goes away between two would fail the second.
 */
export const propertiesBehind = (
  vim: Vim,
  from: Ref,
  path: string,
  type: string,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Row[]> =>
  collect(vim, options, {
    propSet: [{ type, all: false, pathSet: [...paths] }],
    objectSet: [
      {
        obj: from,
        skip: true,
        selectSet: [{ $type: 'TraversalSpec', type: from.type, path, skip: false }],
      },
    ],
  });

/** The rows of one PropertyFilterSpec, all of them at once. */
export const collect = (
  vim: Vim,
  { signal }: CallOptions,
  spec: Readonly<Record<string, unknown>>,
): Promise<Row[]> =>
  vim.read(
    async (within) => {
      const rows: Row[] = [];
      for await (const some of pages(vim, within, { specSet: [spec], options: {} }))
        rows.push(...some);
      return rows;
    },
    { signal },
  );
