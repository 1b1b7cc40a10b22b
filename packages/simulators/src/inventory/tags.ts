import { createHash } from 'node:crypto';
import { type Ref, refOf } from './entities.js';
import type { Inventory } from './inventory.js';
import type { Seed } from './seed.js';

export interface Category {
  /** `urn:vmomi:InventoryServiceCategory:<uuid>:GLOBAL` */
  readonly id: string;
  name: string;
}

export interface Tag {
  /** `urn:vmomi:InventoryServiceTag:<uuid>:GLOBAL` */
  readonly id: string;
  name: string;
  readonly category: Category;
  /** Ids of what it is attached to. */
  readonly on: Set<string>;
}

/** Tags of one simulated site. They are no objects of VIM: only the REST API knows them. */
export class Tags {
  readonly #inventory: Inventory;
  readonly categories = new Map<string, Category>();
  readonly all = new Map<string, Tag>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** The category of this name, made when there is none. */
  category(name: string): Category {
    const known = [...this.categories.values()].find((each) => each.name === name);
    if (known) return known;
    const category = { id: urn('Category', this.categories.size), name };
    this.categories.set(category.id, category);
    return category;
  }

  add(category: string, name: string, on: Iterable<string> = []): Tag {
    const id = urn('Tag', this.all.size);
    const tag = { id, name, category: this.category(category), on: new Set(on) };
    this.all.set(id, tag);
    return tag;
  }

  /** Whether there is an object of this type and id. */
  knows({ type, value }: Ref): boolean {
    const entity = this.#inventory.get(value);
    return entity !== undefined && refOf(entity).type === type;
  }

  /** What a tag is attached to; what has been deleted is not. */
  attached(tag: Tag): Ref[] {
    return [...tag.on].flatMap((id) => {
      const entity = this.#inventory.get(id);
      return entity ? [refOf(entity)] : [];
    });
  }
}

/** Throws for a name that no VM and no host has. */
export function plantTags({ categories = [] }: Seed, inventory: Inventory): Tags {
  const tags = new Tags(inventory);
  const idOf = (name: string): string => {
    const entity = inventory.find('vm', name) ?? inventory.find('host', name);
    if (!entity) throw new Error(`the seed tags ${name}, which it does not have`);
    return entity.id;
  };
  for (const category of categories)
    for (const [name, on] of Object.entries(category.tags))
      tags.add(category.name, name, on.map(idOf));
  return tags;
}

/** The same in every run, and as little like a count as the product's. */
function urn(kind: 'Category' | 'Tag', at: number): string {
  const digest = createHash('sha256').update(`${kind} ${at}`).digest('hex');
  const uuid = [8, 12, 16, 20].reduce(
    (text, end, cut) => `${text.slice(0, end + cut)}-${text.slice(end + cut)}`,
    digest.slice(0, 32),
  );
  return `urn:vmomi:InventoryService${kind}:${uuid}:GLOBAL`;
}
