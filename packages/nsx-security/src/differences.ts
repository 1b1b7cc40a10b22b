import { compareFields, type FieldChange } from './dfw/index.js';

type Fields = Readonly<Record<string, unknown>>;
/** What a snapshot and a plan hold, as NSX calls it. */
export type Kind = 'Service' | 'Group' | 'SecurityPolicy' | 'Rule';

/** What differs from an object to what it shall be, without what NSX adds by itself. */
export const differencesOf = (kind: Kind, live: object, wanted: object): FieldChange[] =>
  compareFields(meant(kind, live), meant(kind, wanted));

/** What NSX takes an absent field for, so that leaving it out is no difference. */
const defaults: Readonly<Record<Kind, Fields>> = {
  Service: {},
  Group: { expression: [] },
  SecurityPolicy: { stateful: true, scope: ['ANY'], locked: false },
  Rule: {
    source_groups: ['ANY'],
    destination_groups: ['ANY'],
    services: ['ANY'],
    scope: ['ANY'],
    sources_excluded: false,
    destinations_excluded: false,
    direction: 'IN_OUT',
    logged: false,
    disabled: false,
  },
};

/** An object is where it is; what is compared is what it says. */
function meant(kind: Kind, object: object): Record<string, unknown> {
  const { id: _, path: __, ...fields } = object as Fields;
  return {
    ...defaults[kind],
    ...Object.fromEntries(
      Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, elementLists.has(name) ? unnamed(value) : value]),
    ),
  };
}

/** Lists whose elements NSX gives ids, paths and names of their own, by which nothing is decided. */
const elementLists = new Set(['expression', 'expressions', 'service_entries']);

function unnamed(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((element: Fields) => {
    const { id: _, path: __, display_name: ___, ...fields } = element;
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        elementLists.has(name) ? unnamed(value) : value,
      ]),
    );
  });
}
