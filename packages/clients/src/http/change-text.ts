/** One changing request over HTTP, as a plan holds it. */
export interface PlainChange {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Request target with its query. */
  readonly target: string;
  readonly body?: unknown;
}

/** A request in one line, whole: `PUT /policy/api/v1/infra/domains/default/groups/web {…}`. */
export const textOfChange = ({ method, target, body }: PlainChange): string =>
  body === undefined ? `${method} ${target}` : `${method} ${target} ${JSON.stringify(body)}`;

/** The request that `textOfChange` has put into a line. */
export function changeInText(text: string): PlainChange {
  const [method = '', target = ''] = text.split(' ', 2);
  const body = text.slice(method.length + target.length + 2);
  return {
    method: method as PlainChange['method'],
    target,
    ...(body !== '' && { body: JSON.parse(body) as unknown }),
  };
}
