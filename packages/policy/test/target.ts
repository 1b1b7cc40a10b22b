import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a counter is to its target. `value` null: the target cannot tell. */
export interface Counter {
  value: number | null;
  note: string;
  locked: boolean;
}

/** One request as it arrived, written to disk before it was acted on. */
export interface Arrival {
  readonly method: string;
  readonly name: string;
  /** What the caller said to tell this change from others. */
  readonly tag: string;
  readonly by: number;
}

/** How the target behaves: as it should, or as targets do on bad days. */
export type Mood =
  | 'well'
  /** Changes are carried out and the answer never comes. */
  | 'silent'
  /** Changes are carried out and the connection is cut. */
  | 'cut'
  /** Changes are answered 409 with words for a reader. */
  | 'conflict'
  /** Everything is answered 500 with words for nobody. */
  | 'broken';

export interface Target extends AsyncDisposable {
  readonly url: string;
  readonly counters: Map<string, Counter>;
  mood: Mood;
  /** Called for a change before it is carried out. */
  arrived: (arrival: Arrival) => void;
  /** Requests that change something, in the order of their arrival, read back from the file. */
  changes(): Arrival[];
  /** How many of them there are, without reading the file. */
  readonly changed: number;
}

export const hidden = 'hunter2-stack-trace-of-esx07.internal';

/** Counters behind a loopback HTTP server: a target that remembers on disk what it was asked to change. */
export async function openTarget(): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), 'target-'));
  const file = join(dir, 'requests.jsonl');
  const log = openSync(file, 'ax', 0o600);
  const counters = new Map<string, Counter>(
    ['red', 'green', 'blue'].map((name) => [name, { value: 0, note: '', locked: false }]),
  );
  let changed = 0;

  const answer = (response: ServerResponse, status: number, body: unknown): void =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));

  const change = (arrival: Arrival, request: IncomingMessage, response: ServerResponse): void => {
    target.arrived(arrival);
    writeSync(log, `${JSON.stringify(arrival)}\n`);
    fsyncSync(log);
    changed += 1;
    const { name, method, by } = arrival;
    const counter = counters.get(name);
    if (target.mood === 'conflict') {
      answer(response, 409, { message: `${name} is being changed by somebody else` });
      return;
    }
    if (method === 'DELETE') counters.delete(name);
    else if (counter) counter.value = method === 'PUT' ? 0 : (counter.value ?? 0) + by;
    if (target.mood === 'cut') request.socket.destroy();
    if (target.mood === 'well') answer(response, 200, shown(name, counter));
  };

  const server = createServer((request, response) => {
    const at = new URL(request.url ?? '/', 'http://target');
    const name = decodeURIComponent(at.pathname.slice('/counters/'.length));
    const method = request.method ?? 'GET';
    if (target.mood === 'broken') return answer(response, 500, { message: hidden });
    if (method === 'GET' && name === '')
      return answer(
        response,
        200,
        [...counters].map(([one, counter]) => shown(one, counter)),
      );
    if (!counters.has(name))
      return answer(response, 404, { message: `There is no counter ${name}` });
    if (method === 'GET') return answer(response, 200, shown(name, counters.get(name)));
    const { tag, by } = Object.fromEntries(at.searchParams) as { tag?: string; by?: string };
    change({ method, name, tag: tag ?? '', by: Number(by ?? 0) }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const target: Target = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counters,
    mood: 'well',
    arrived: () => {},
    changes: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Arrival),
    get changed() {
      return changed;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      closeSync(log);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return target;
}

/** More than any tool declares, as targets do. */
const shown = (name: string, counter: Counter | undefined) => ({
  name,
  ...counter,
  owner_mail: 'root@esx07',
});
