import { type Group, nearest, type PolicyObject, type Service } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import { parseIps } from './dfw/ip-set.js';
import { type Place, quoted, targetOf } from './objects.js';

interface Kind {
  readonly noun: string;
  /** Policy path of the list that holds them. */
  readonly list: (place: Place) => string;
  readonly command: string;
}

const groups: Kind = {
  noun: 'group',
  list: ({ scope }) => `${scope.domain}/groups`,
  command: 'group list',
};
const services: Kind = {
  noun: 'service',
  list: ({ scope }) => `${scope.infra}/services`,
  command: 'service list',
};

/** Meant as an address, a prefix or a range, even where it is none. */
const looksLikeIps = /^\d+(\.\d+)+([/-][\d.]*)?$|^[\da-f]*:[\da-f:]*:[\da-f:./-]*$/i;

/** Reads each list at most once for one call. */
export class Names {
  readonly #place: Place;
  readonly #lists = new Map<Kind, Promise<PolicyObject[]>>();

  constructor(place: Place) {
    this.#place = place;
  }

  /** What a rule's source or destination may hold: ANY, paths of groups, addresses, prefixes and ranges. */
  async endpoints(words: readonly string[], input: string): Promise<string[]> {
    return this.#any(words, input, async (word) => {
      if (parseIps(word)) return word;
      if (!looksLikeIps.test(word) || (await this.#has(groups, word)))
        return this.#path(groups, word);
      throw new Refusal(
        'INVALID_INPUT',
        `${input}: "${word}" is not an IP address, prefix or range, and no group has that name.`,
        'Write 10.1.2.3, 10.1.0.0/16, 10.1.2.3-10.1.2.9 or their IPv6 kind.',
      );
    });
  }

  /** What a rule or policy may be applied to: ANY (the whole DFW), or paths of groups. */
  async appliedTo(words: readonly string[]): Promise<string[]> {
    return this.#any(words, 'scope', (word) => this.#path(groups, word));
  }

  async services(words: readonly string[]): Promise<string[]> {
    return this.#any(words, 'services', (word) => this.#path(services, word));
  }

  /** The path of one group, named by path, id or display name. */
  group(word: string): Promise<string> {
    return this.#path(groups, word);
  }

  /** ANY means everything, so it stands alone; case does not matter to NSX. */
  async #any(
    words: readonly string[],
    input: string,
    resolve: (word: string) => Promise<string>,
  ): Promise<string[]> {
    const given = words.map((word) => word.trim()).filter(Boolean);
    if (given.length === 0)
      throw new Refusal(
        'INVALID_INPUT',
        `${input}: an empty list names nothing, and NSX would take it for everything.`,
        'Write ANY for everything, or leave it out.',
      );
    const isAny = given.some((word) => word.toUpperCase() === 'ANY');
    if (!isAny) return [...new Set(await Promise.all(given.map(resolve)))];
    if (given.length === 1) return ['ANY'];
    throw new Refusal(
      'INVALID_INPUT',
      `${input}: ANY already is everything, and stands beside ${given.length - 1} more.`,
      'Leave out ANY, or everything else.',
    );
  }

  async #path(kind: Kind, word: string): Promise<string> {
    if (word.startsWith('/')) return this.#existing(kind, word);
    const found = (await this.#all(kind)).filter(
      ({ id, display_name }) => id === word || display_name === word,
    );
    const exact = found.find(({ id }) => id === word) ?? found[0];
    if (exact && (found.length === 1 || exact.id === word)) return exact.path;
    if (found.length > 1)
      throw new Refusal(
        'AMBIGUOUS',
        `${found.length} ${kind.noun}s have the name "${word}".`,
        'Use the id or the path of the one you mean.',
        { candidates: found.map(({ id, path }) => ({ id, path })) },
      );
    throw await this.#unknown(kind, word);
  }

  /** A path of this kind that leads somewhere; other scopes share their objects by path. */
  async #existing(kind: Kind, path: string): Promise<string> {
    const { nsx, signal } = this.#place;
    if (!path.includes(`/${kind.noun}s/`))
      throw new Refusal(
        'INVALID_INPUT',
        `"${path}" is not the path of a ${kind.noun}.`,
        `Run \`vmware-nsx-security ${kind.command}\` to see paths.`,
      );
    const found = await nsx.find<Group | Service>(targetOf(this.#place, path), { signal });
    if (found) return found.path;
    throw await this.#unknown(kind, path);
  }

  async #unknown(kind: Kind, word: string): Promise<Refusal> {
    const all = await this.#all(kind);
    const ids = new Map(
      all.flatMap(({ id, display_name = id, path }) => {
        const one = { id, path };
        return [[id, one] as const, [display_name, one] as const];
      }),
    );
    const wanted = word.slice(word.lastIndexOf('/') + 1);
    const near = nearest(wanted, ids.keys()).flatMap((name) => ids.get(name) ?? []);
    return new Refusal(
      'NOT_FOUND',
      `There is no ${kind.noun} "${word}" in the scope ${this.#place.scope.name}.`,
      near[0]
        ? `Did you mean ${quoted(near[0].id)}? Run \`vmware-nsx-security ${kind.command}\` to see all.`
        : `Run \`vmware-nsx-security ${kind.command}\` to see what there is.`,
      { candidates: [...new Set(near)].slice(0, 5).map(({ id, path }) => ({ id, path })) },
    );
  }

  async #has(kind: Kind, word: string): Promise<boolean> {
    const all = await this.#all(kind);
    return all.some(({ id, display_name }) => id === word || display_name === word);
  }

  #all(kind: Kind): Promise<PolicyObject[]> {
    const known = this.#lists.get(kind);
    if (known) return known;
    const { nsx, signal } = this.#place;
    const reading = nsx.list<PolicyObject>(targetOf(this.#place, kind.list(this.#place)), {
      signal,
    });
    this.#lists.set(kind, reading);
    return reading;
  }
}
