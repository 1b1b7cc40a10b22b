/** A name as vCenter keeps it: `/`, `\` and a `%` that starts no escape are written as escapes. */
export const escapeName = (name: string): string =>
  name
    .replace(/%(?!2f|5c|25)/gi, '%25')
    .replaceAll('/', '%2f')
    .replaceAll('\\', '%5c');
