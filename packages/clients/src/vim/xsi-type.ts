const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** The part of a name behind its prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An answer repeats the same few words a hundred thousand times; what is made of each is kept. */
function remembered(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    if (made.size < 1_000 && text.length < 200) made.set(text, fresh);
    return fresh;
  };
}

/** `xmlns:xsi` for `xsi:type`. */
const bindingOf = remembered((attribute) => `xmlns:${attribute.slice(0, -':type'.length)}`);
const localType = remembered(localName);

/**
 * Finds the `type` attribute of the XMLSchema-instance namespace, whatever its prefix: vCenter writes `xsi:type`,
 * vcsim `_XMLSchema-instance:type`. Resolving every name, as a parser with namespaces does, would cost a fifth of
 * the time of a listing.
 */
export class XsiTypes {
  /** Attributes such as `xmlns:xsi` in scope, with the depth of their element. */
  readonly #bindings: { attribute: string; uri: string; depth: number }[] = [];

  /** Local name of the type that an element's attributes give it, or '' for none. */
  of(attributes: Readonly<Record<string, string>>, depth: number): string {
    let typed: string | undefined;
    for (const key in attributes)
      if (key.startsWith('xmlns:'))
        this.#bindings.push({ attribute: key, uri: attributes[key] ?? '', depth });
      else if (key.endsWith(':type')) typed = key;
    return typed !== undefined && this.#uri(bindingOf(typed)) === xsi
      ? localType(attributes[typed] ?? '')
      : '';
  }

  /** Forgets what an element of this depth declared. */
  leave(depth: number): void {
    while (this.#bindings.length > 0 && this.#bindings.at(-1)?.depth === depth)
      this.#bindings.pop();
  }

  #uri(attribute: string): string | undefined {
    for (let i = this.#bindings.length - 1; i >= 0; i--)
      if (this.#bindings[i]?.attribute === attribute) return this.#bindings[i]?.uri;
    return undefined;
  }
}
