import { request } from 'node:https';
import type { Vcsim } from '@vmware/simulators';

/** Makes tags in a vcsim and attaches them to VMs: category, tag, ids of VMs. Resolves to the tags' ids. */
export async function tagsOn(
  server: Vcsim,
  tags: readonly (readonly [category: string, tag: string, vms: readonly string[]])[],
): Promise<string[]> {
  const { username, password } = server.credentials;
  const secret = Buffer.from(`${username}:${password}`).toString('base64');
  const session = await send(server, 'session', { authorization: `Basic ${secret}` });
  const headers = { 'vmware-api-session-id': session };
  const categories = new Map<string, string>();
  const ids: string[] = [];
  for (const [category, name, vms] of tags) {
    const category_id =
      categories.get(category) ??
      (await send(server, 'tagging/category', headers, {
        create_spec: {
          name: category,
          description: '',
          cardinality: 'MULTIPLE',
          associable_types: [],
        },
      }));
    categories.set(category, category_id);
    const create_spec = { name, description: '', category_id };
    const id = await send(server, 'tagging/tag', headers, { create_spec });
    for (const vm of vms)
      await send(server, `tagging/tag-association/id:${id}?~action=attach`, headers, {
        object_id: { type: 'VirtualMachine', id: vm },
      });
    ids.push(id);
  }
  return ids;
}

/** POST to the older API; resolves to the text in `{"value": ...}`. */
function send(
  { host, port, ca }: Vcsim,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<string> {
  const options = { host, port, ca, method: 'POST', path: `/rest/com/vmware/cis/${path}`, headers };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, checkServerIdentity: () => undefined }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200)
          resolve(String((JSON.parse(text || '{}') as { value?: unknown }).value));
        else reject(new Error(`${path}: HTTP ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
