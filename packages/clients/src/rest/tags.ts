import * as z from 'zod';
import { ApiError } from '../http/errors.js';
import { nearest } from '../nearest.js';
import type { ReadOptions, Rest } from './client.js';
import { sideBySide } from './side-by-side.js';

export interface Tag {
  /** `urn:vmomi:InventoryServiceTag:...` */
  readonly id: string;
  readonly name: string;
}

/** An object a tag is attached to: `{ type: 'VirtualMachine', id: 'vm-12' }`. */
export interface TaggedObject {
  readonly type: string;
  readonly id: string;
}

/** Requests in flight while tags are listed: the API has no answer with more than one. */
const places = 8;
const tagId = /^urn:vmomi:InventoryServiceTag:[\w.:-]+$/;

/** vcsim writes an empty list as null. */
const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullable()
    .transform((list) => list ?? []);
const name = z.string().transform((text) => text.normalize('NFC'));
const tagShape = z.object({ id: z.string(), name, category_id: z.string() });
const categoryShape = z.object({ name });

type Listed = z.output<typeof tagShape>;
/** A tag with its name in full: `tier/gold`. */
type Placed = Listed & { readonly path: string };

/**
 * The one tag that `word` means: a tag id, `category/name`, or an exact name. Throws NOT_FOUND with up to
 * five near names, or AMBIGUOUS with `category/name` and id of every candidate. Source: cis/tagging/tag.
 */
export async function findTag(rest: Rest, word: string, options: ReadOptions = {}): Promise<Tag> {
  if (tagId.test(word)) {
    const tag = await oneTag(rest, word, options);
    if (tag) return tag;
    throw notFound(word, []);
  }
  const tags = await everyTag(rest, options);
  const wanted = word.normalize('NFC');
  const called = tags.filter((tag) => tag.name === wanted);
  const ending = tags.filter((tag) => wanted.endsWith(`/${tag.name}`));
  const [alone, another] = called;
  if (alone && !another && !ending.length) return alone;
  const candidates = await inFull(rest, [...called, ...ending], options);
  const found = candidates.filter((tag) => tag.name === wanted || tag.path === wanted);
  const [only, ...others] = found;
  if (only && !others.length) return only;
  if (only) throw ambiguous(word, found);
  const known = tags.map((tag) => tag.name);
  const near = candidates.length
    ? candidates.map(({ path }) => path).slice(0, 5)
    : nearest(wanted.slice(wanted.lastIndexOf('/') + 1), new Set(known));
  throw notFound(word, near);
}

/** Every object a tag is attached to that the account may read. Source: tag-association list-attached-objects. */
export function taggedObjects(
  rest: Rest,
  id: string,
  options: ReadOptions = {},
): Promise<readonly TaggedObject[]> {
  return rest.post(
    { path: 'cis/tagging/tag-association', id, action: 'list-attached-objects' },
    {},
    listOf(z.object({ type: z.string(), id: z.string() })),
    options,
  );
}

const oneTag = (rest: Rest, id: string, options: ReadOptions): Promise<Listed | undefined> =>
  unlessGone(rest.get({ path: 'cis/tagging/tag', id }, tagShape, options));

async function everyTag(rest: Rest, options: ReadOptions): Promise<Listed[]> {
  const ids = await rest.get({ path: 'cis/tagging/tag' }, listOf(z.string()), options);
  const tags = await sideBySide(places, ids, (id) => oneTag(rest, id, options));
  return tags.filter((tag) => tag !== undefined);
}

/** Adds the categories, each asked for once; sorted, so that a refusal reads the same every time. */
async function inFull(
  rest: Rest,
  tags: readonly Listed[],
  options: ReadOptions,
): Promise<Placed[]> {
  const ids = [...new Set(tags.map((tag) => tag.category_id))];
  const categories = await sideBySide(places, ids, (id) =>
    unlessGone(rest.get({ path: 'cis/tagging/category', id }, categoryShape, options)),
  );
  const names = new Map(ids.map((id, at) => [id, categories[at]?.name]));
  return tags
    .flatMap((tag) => {
      const category = names.get(tag.category_id);
      return category === undefined ? [] : [{ ...tag, path: `${category}/${tag.name}` }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What somebody deleted after it was listed is as if it had not been listed. */
async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

const notFound = (word: string, near: readonly string[]): ApiError =>
  new ApiError('NOT_FOUND', `There is no tag ${word} that this account may see`, {
    remedy: near.length
      ? `Use one of the near names: ${near.join(', ')}.`
      : 'Look the tag up in the vSphere Client, under Tags & Custom Attributes.',
    details: { nearest: near },
  });

function ambiguous(word: string, found: readonly Placed[]): ApiError {
  const candidates = found.map(({ path, id }) => ({ path, id }));
  const said = candidates.slice(0, 10).map(({ path, id }) => `${path} (${id})`);
  const more = found.length > 10 ? ` and ${found.length - 10} more` : '';
  return new ApiError(
    'AMBIGUOUS',
    `${found.length} tags are called ${word}: ${said.join(', ')}${more}`,
    { remedy: 'Use category/name or the id of the one you mean.', details: { candidates } },
  );
}
