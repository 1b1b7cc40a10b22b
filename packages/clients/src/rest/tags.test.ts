import { expect, test } from 'vitest';
import { restLab, withoutApi } from '../../test/rest.js';
import { findTag, taggedObjects } from './tags.js';

type Lab = Awaited<ReturnType<typeof restLab>>;
const idOf = ({ vcenter }: Lab, category: string, name: string): string =>
  [...vcenter.tags.all.values()].find((tag) => tag.name === name && tag.category.name === category)
    ?.id ?? '';
const vm = ({ vcenter }: Lab, name: string) => vcenter.inventory.find('vm', name)?.id;

const oneTag = 'GET /api/cis/tagging/tag/{tag}';
const category = 'GET /api/cis/tagging/category/{category}';

test('finds a tag by name without asking for categories', async () => {
  await using there = await restLab();
  expect(await findTag(there.rest, 'gold')).toMatchObject({ id: idOf(there, 'tier', 'gold') });
  expect(there.count('GET /api/cis/tagging/tag')).toBe(1);
  expect(there.count(oneTag)).toBe(there.vcenter.tags.all.size);
  expect(there.count(category)).toBe(0);
});

test('finds a tag by category/name, asking only for the categories it may be in', async () => {
  await using there = await restLab();
  for (const owner of ['tier', 'owner'])
    expect(await findTag(there.rest, `${owner}/silver`)).toMatchObject({
      id: idOf(there, owner, 'silver'),
    });
  expect(there.count(category)).toBe(4);
});

test('finds a tag by id with one request', async () => {
  await using there = await restLab();
  const id = idOf(there, 'owner', 'silver');
  expect(await findTag(there.rest, id)).toMatchObject({ id, name: 'silver' });
  expect(there.vcenter.requests.map(({ method }) => method)).toEqual(['POST /api/session', oneTag]);
});

test('refuses a name that two categories have, with both in full', async () => {
  await using there = await restLab();
  const candidates = ['owner', 'tier'].map((name) => ({
    path: `${name}/silver`,
    id: idOf(there, name, 'silver'),
  }));
  await expect(findTag(there.rest, 'silver')).rejects.toMatchObject({
    code: 'AMBIGUOUS',
    message: `2 tags are called silver: ${candidates.map(({ path, id }) => `${path} (${id})`).join(', ')}`,
    details: { candidates },
  });
});

test('a tag whose own name holds a slash is found by it, and never taken for another', async () => {
  await using there = await restLab();
  const odd = there.vcenter.tags.add('site', 'eu/west');
  expect(await findTag(there.rest, 'eu/west')).toMatchObject({ id: odd.id });
  expect(await findTag(there.rest, 'site/eu/west')).toMatchObject({ id: odd.id });
  there.vcenter.tags.add('eu', 'west');
  await expect(findTag(there.rest, 'eu/west')).rejects.toMatchObject({ code: 'AMBIGUOUS' });
});

test('names what is near to a name that no tag has', async () => {
  await using there = await restLab();
  await expect(findTag(there.rest, 'glod')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { nearest: ['gold'] },
    remedy: 'Use one of the near names: gold.',
  });
  await expect(findTag(there.rest, 'team/silver')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { nearest: ['owner/silver', 'tier/silver'] },
  });
  await expect(findTag(there.rest, 'GOLD')).rejects.toMatchObject({
    details: { nearest: ['gold'] },
  });
});

test.each([
  'urn:vmomi:InventoryServiceTag:00000000-0000-0000-0000-000000000000:GLOBAL',
  'urn:vmomi:InventoryServiceTag:..',
  'urn:vmomi:InventoryServiceTag:x/../../../session',
  'urn:vmomi:InventoryServiceTag:x?action=attach',
  '../../session',
  '..',
  '%2e%2e/session',
])('%s is no tag, and leads to no other route', async (word) => {
  await using there = await restLab();
  await expect(findTag(there.rest, word)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  for (const { method } of there.vcenter.requests)
    expect(['POST /api/session', 'GET /api/cis/tagging/tag', oneTag]).toContain(method);
});

test('an id that the server lists is asked for as one segment, whatever it holds', async () => {
  await using there = await restLab();
  const { all, categories } = there.vcenter.tags;
  const [tier] = categories.values();
  const id = 'urn:vmomi:InventoryServiceTag:a/../../b?c=d';
  if (tier) all.set(id, { id, name: 'hostile', category: tier, on: new Set() });
  expect(await findTag(there.rest, 'hostile')).toMatchObject({ id });
  expect(await taggedObjects(there.rest, id)).toEqual([]);
  expect(there.vcenter.requests.at(-1)).toMatchObject({
    method: 'POST /api/cis/tagging/tag-association/{tag}?action=list-attached-objects',
    on: id,
    changes: false,
  });
});

test('says what a tag is attached to, of any type, and nothing that is gone', async () => {
  await using there = await restLab();
  const { id } = await findTag(there.rest, 'gold');
  expect(await taggedObjects(there.rest, id)).toEqual([
    { type: 'VirtualMachine', id: vm(there, 'web-01') },
    { type: 'VirtualMachine', id: vm(there, 'web-02') },
    { type: 'HostSystem', id: there.vcenter.inventory.find('host', 'esx-a1.lab.test')?.id },
  ]);
  const gone = there.vcenter.inventory.find('vm', 'web-01');
  if (gone) there.vcenter.inventory.remove(gone);
  expect(await taggedObjects(there.rest, id)).toHaveLength(2);
});

test('works the same where there is only the older API', async () => {
  await using there = await restLab();
  withoutApi(there.vcenter);
  const { id } = await findTag(there.rest, 'tier/silver');
  expect(id).toBe(idOf(there, 'tier', 'silver'));
  expect(await taggedObjects(there.rest, id)).toHaveLength(3);
  await expect(findTag(there.rest, 'silver')).rejects.toMatchObject({ code: 'AMBIGUOUS' });
});

test('a tag or category that is deleted while tags are listed is as if it had not been listed', async () => {
  await using there = await restLab();
  there.fail(oneTag, { status: 404 });
  expect(await findTag(there.rest, 'owner/silver')).toMatchObject({ name: 'silver' });
  there.vcenter.faults.add({
    match: { method: category, on: [...there.vcenter.tags.categories.keys()][0] ?? '' },
    then: { status: 404 },
  });
  expect(await findTag(there.rest, 'silver')).toMatchObject({ id: idOf(there, 'owner', 'silver') });
});

test('a tag that cannot be read ends the search: it may be the one that is meant', async () => {
  await using there = await restLab();
  there.fail(oneTag, { status: 403 });
  await expect(findTag(there.rest, 'gold')).rejects.toMatchObject({ code: 'NO_PERMISSION' });
});

test('an account that may read nothing sees no tags', async () => {
  const users = [{ username: 'nobody', password: 'pw', role: 'noaccess' as const }];
  await using there = await restLab({ users });
  await expect(findTag(there.rest, 'gold')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(taggedObjects(there.rest, idOf(there, 'tier', 'gold'))).rejects.toMatchObject({
    code: 'NO_PERMISSION',
    message: expect.stringContaining('Unable to authorize user'),
    details: { error_type: 'UNAUTHORIZED' },
  });
});
