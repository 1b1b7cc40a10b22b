import type { ServerResponse } from 'node:http';
import type { Ask } from './api.js';
import { shownAs } from './convert.js';
import { apiVersionOf } from './kinds.js';
import { expired, KubeError } from './kube-error.js';
import type { KubeObject } from './object.js';
import { matcherOf, unparsed } from './reads.js';
import type { StoreEvent } from './store.js';

/** How often the controllers are asked what is due while somebody watches. */
const settleMilliseconds = 20;

/** One watch: what it tells, and until when. */
export class Watch {
  readonly #ask: Ask;
  readonly #matches: (object: KubeObject) => boolean;
  readonly #from: number | undefined;
  readonly #seconds: number;

  constructor(ask: Ask) {
    const version = ask.query.get('resourceVersion') ?? '';
    if (!/^\d*$/.test(version)) throw new KubeError(500, '', unparsed(version));
    this.#ask = ask;
    this.#matches = matcherOf(ask.query, ask.place.kind);
    this.#from = version === '' || version === '0' ? undefined : Number(version);
    this.#seconds = Number(ask.query.get('timeoutSeconds') ?? 0) || 1800;
  }

  /** Writes events, one JSON object a line, until the time is up or the client has gone. `cut` ends it after so many bytes. */
  async stream(response: ServerResponse, cut = Number.POSITIVE_INFINITY): Promise<void> {
    const { api, query } = this.#ask;
    let left = cut;
    const write = (type: string, object: unknown) => {
      const line = `${JSON.stringify({ type, object })}\n`;
      if (line.length >= left) response.write(line.slice(0, left), () => response.destroy());
      else response.write(line);
      left -= line.length;
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (!this.#begin(write)) {
      response.end();
      return;
    }
    const stop = api.store.subscribe((event) => this.#tell(event, write));
    const settling = setInterval(() => void api.settle(), settleMilliseconds);
    const marks = query.get('allowWatchBookmarks') === 'true';
    const marking = setInterval(() => marks && this.#mark(write), api.bookmarkMilliseconds);
    const ending = setTimeout(() => {
      if (marks) this.#mark(write);
      response.end();
    }, this.#seconds * 1000);
    await new Promise<void>((resolve) => response.once('close', resolve));
    stop();
    clearInterval(settling);
    clearInterval(marking);
    clearTimeout(ending);
  }

  /** Tells what has happened since; false when that is forgotten. */
  #begin(write: (type: string, object: unknown) => void): boolean {
    const { store } = this.#ask.api;
    const { kind, version, namespace } = this.#ask.place;
    if (this.#from === undefined) {
      for (const object of store.list(kind, namespace))
        if (this.#matches(object)) write('ADDED', shownAs(object, kind, version));
      return true;
    }
    const events = store.since(this.#from);
    for (const event of events ?? []) this.#tell(event, write);
    if (events) return true;
    const error = expired(`too old resource version: ${this.#from} (${store.forgotten})`);
    write('ERROR', error.status);
    return false;
  }

  #tell(event: StoreEvent, write: (type: string, object: unknown) => void): void {
    const { kind, version, namespace } = this.#ask.place;
    if (event.kind.plural !== kind.plural || event.kind.group !== kind.group) return;
    if (namespace !== undefined && event.object.metadata.namespace !== namespace) return;
    const was = event.before !== undefined && this.#matches(event.before);
    const is = event.type !== 'DELETED' && this.#matches(event.object);
    if (was || is)
      write(is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED', shownAs(event.object, kind, version));
  }

  #mark(write: (type: string, object: unknown) => void): void {
    const { kind, version } = this.#ask.place;
    write('BOOKMARK', {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind, version),
      metadata: { resourceVersion: `${this.#ask.api.store.version}`, creationTimestamp: null },
    });
  }
}
