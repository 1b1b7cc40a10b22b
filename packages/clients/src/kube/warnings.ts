import type { IncomingHttpHeaders } from 'node:http';

/** `299 agent "text"`, and a date that nobody sends; several stand in one header, with commas between them. */
const form = /(?:^|,)\s*\d{3}\s+\S+\s+"((?:[^"\\]|\\.)*)"/g;
/** More than any answer has: a server must not fill memory with them. */
const most = 50;
const longest = 1_000;

/** Texts of the `Warning:` headers of an answer: what is deprecated, and what a webhook wants to be known. */
export function warningsIn({ warning }: IncomingHttpHeaders): string[] {
  const header = [warning ?? ''].flat().join(', ');
  return [...header.matchAll(form)]
    .slice(0, most)
    .map(([, text = '']) => text.replace(/\\(.)/g, '$1').slice(0, longest));
}
