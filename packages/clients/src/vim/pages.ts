import type { Vim, Within } from './client.js';
import type { Row } from './types.js';

type Arguments = Readonly<Record<string, unknown>>;

/** One answer of the collector, asked for already. */
interface Page {
  readonly rows: AsyncGenerator<Row[], unknown>;
  /** What asks for the next page; undefined when this is the last. */
  readonly token: Promise<string | undefined>;
}

/**
 * All pages of one RetrievePropertiesEx. A server may page without having been asked to. The token stands
 * before the objects, so the next page is asked for while this one is read; never more than one ahead. Leaving
 * early tells the server that nobody will ask for the rest.
 */
export async function* pages(vim: Vim, within: Within, args: Arguments): AsyncGenerator<Row[]> {
  let page = ask(within, 'RetrievePropertiesEx', args);
  for (;;) {
    const ahead = page.token.then((token) =>
      token === undefined ? undefined : ask(within, 'ContinueRetrievePropertiesEx', { token }),
    );
    // Whoever reads on sees it fail; whoever left does not care.
    ahead.catch(() => {});
    let isRead = false;
    try {
      yield* page.rows;
      isRead = true;
    } finally {
      if (!isRead) await giveUp(vim, within, ahead);
    }
    const next = await ahead;
    if (!next) return;
    page = next;
  }
}

/** Sends the request now; the rows are read when somebody wants them. */
function ask(within: Within, method: string, args: Arguments): Page {
  const { promise: token, resolve } = withResolve<string | undefined>();
  const answer = within.rows(method, within.content.propertyCollector, args, (partial) => {
    const found = partial['token'] as string | undefined;
    if (found) resolve(found);
  });
  const first = answer.next();
  first.catch(() => {});
  return { rows: rest(first, answer, resolve), token };
}

async function* rest(
  first: Promise<IteratorResult<Row[], unknown>>,
  answer: AsyncGenerator<Row[], unknown>,
  said: (token: string | undefined) => void,
): AsyncGenerator<Row[], unknown> {
  let ended = false;
  try {
    let step = await first;
    for (; !step.done; step = await answer.next()) yield step.value;
    ended = true;
    said((step.value as { token?: string } | undefined)?.token);
    return step.value;
  } finally {
    if (!ended) {
      await answer.return(undefined);
      said(undefined);
    }
  }
}

/** Lets go of a page that was asked for, and of what would follow it. */
async function giveUp(vim: Vim, within: Within, ahead: Promise<Page | undefined>): Promise<void> {
  const page = await ahead.catch(() => undefined);
  if (!page) return;
  // Its first rows say what would follow.
  await page.rows.next().catch(() => undefined);
  await page.rows.return(undefined).catch(() => undefined);
  const token = await page.token;
  if (token)
    await vim.tidy(within, 'CancelRetrievePropertiesEx', within.content.propertyCollector, {
      token,
    });
}

function withResolve<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
