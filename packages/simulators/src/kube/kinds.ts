import { coreKinds } from './core-kinds.js';
import type { Schema } from './schema.js';
import written from './schema.json' with { type: 'json' };
import unproved from './unproved.json' with { type: 'json' };

/** One version in which a kind is served. */
export interface KindVersion {
  readonly name: string;
  readonly deprecated: boolean;
  /** Absent for the kinds that are built in: of those only the top-level fields are checked. */
  readonly schema?: Schema;
}

/** A kind of object that an API server has. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  /** Newest first. */
  readonly versions: readonly KindVersion[];
  /** The version in which objects are kept. */
  readonly stored: string;
  /** Top-level fields besides apiVersion, kind and metadata, of a kind that is built in. */
  readonly fields?: readonly string[];
}

/** Versions to serve by group, newest first; a group that is not named serves all it has. */
export type Serve = Readonly<Record<string, readonly string[]>>;

interface Line {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  readonly deprecated?: boolean;
  readonly schema: unknown;
}

/** The kinds that custom resource definitions add to a Supervisor. */
const customKinds: readonly Kind[] = grouped([
  ...(written as readonly Line[]),
  ...(unproved as readonly Line[]),
]);

function grouped(lines: readonly Line[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const line of lines) {
    const { group, version, kind, plural, shortNames, namespaced, subresources } = line;
    const key = `${plural}.${group}`;
    const before = kinds.get(key);
    kinds.set(key, {
      group,
      kind,
      plural,
      shortNames,
      namespaced,
      // `scale` answers with an object of another kind, which this program does not have.
      subresources: subresources.filter((name) => name === 'status'),
      stored: before?.stored ?? version,
      versions: [
        ...(before?.versions ?? []),
        { name: version, deprecated: line.deprecated ?? false, schema: line.schema as Schema },
      ],
    });
  }
  return [...kinds.values()];
}

/** Where and how requests find the kinds of one API server. */
export class Kinds {
  readonly all: readonly Kind[];
  readonly #served = new Map<string, Kind>();
  readonly #known: ReadonlyMap<string, Kind>;

  constructor(all: readonly Kind[], serve: Serve = {}) {
    this.#known = new Map(all.map((kind) => [`${kind.plural}.${kind.group}`, kind]));
    this.all = all
      .map((kind) => ({
        ...kind,
        versions: kind.versions.filter(({ name }) => serve[kind.group]?.includes(name) ?? true),
      }))
      .filter(({ versions }) => versions.length > 0);
    for (const kind of this.all)
      for (const { name } of kind.versions)
        this.#served.set(`${kind.group}/${name}/${kind.plural}`, kind);
  }

  /** The kind that a request means; undefined when it is not served. */
  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#served.get(`${group}/${version}/${plural}`);
  }

  /** A kind of this program, whether or not it is served. */
  named(plural: string, group = ''): Kind {
    const kind = this.#known.get(`${plural}.${group}`);
    if (!kind) throw new Error(`There is no kind ${plural} in the group "${group}".`);
    return kind;
  }

  /** Groups but the core one, each with its versions, newest first. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const { group, versions } of this.all) {
      if (group === '') continue;
      const names = groups.get(group) ?? [];
      names.push(...versions.map(({ name }) => name).filter((name) => !names.includes(name)));
      groups.set(group, names);
    }
    for (const names of groups.values()) names.sort((a, b) => (a < b ? 1 : -1));
    return groups;
  }
}

/** `v1beta2`, `v1beta1` and the rest of what a Supervisor serves. */
export const supervisorKinds = (serve?: Serve): Kinds =>
  new Kinds([...coreKinds, ...customKinds], serve);

/** What a guest cluster serves: the kinds that are built in. */
export const guestKinds = (): Kinds => new Kinds(coreKinds);

export const apiVersionOf = (kind: Kind, version: string): string =>
  kind.group === '' ? version : `${kind.group}/${version}`;
