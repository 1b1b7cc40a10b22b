/** Code points a text from outside may have, in a name and in a description. */
export const shortLimit = 500;
export const longLimit = 1_000;

/** A text in which nothing needs cleaning, whatever its length. */
export const plain = /^[\x20-\x7e]*$/;

// Whole terminal sequences: CSI, strings (OSC, DCS, SOS, PM, APC) up to their end, and the short ones.
// Strings stop at any control character, so that many openers cost no more than one.
const terminal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;

const lineBreak = /\r\n|[\n\v\f\r\x85\u2028\u2029]/g;

// Controls, formats (bidi, zero-width, tags), private use, surrogates, unassigned and noncharacters; then what
// is invisible without being any of these: variation selectors, fillers, joiners, the Braille blank.
// Joiners go too: a family emoji falls apart into its members, which is the price of no hidden text.
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const hiddenInLines =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const stacked = /(\p{M}{3})\p{M}+/gu;

/**
 * Makes a text from outside safe to show and to hand to a model: no control, invisible or reordering
 * characters, no terminal sequences, at most 3 combining marks in a row, NFC, at most `limit` code points with
 * `…[+N]` for what was cut. With `lines`, line breaks and tabs stay; otherwise they become spaces.
 * Cleaning twice changes nothing.
 */
export function clean(text: string, limit = shortLimit, lines = limit >= longLimit): string {
  if (text.length <= limit && plain.test(text)) return text;
  let cleaned = pass(text, lines);
  for (let again = pass(cleaned, lines); again !== cleaned; again = pass(cleaned, lines))
    cleaned = again;
  return cut(cleaned, limit);
}

function pass(text: string, lines: boolean): string {
  const breaks = text.replace(terminal, '').replace(lineBreak, lines ? '\n' : ' ');
  const visible = lines
    ? breaks.replace(hiddenInLines, '')
    : breaks.replaceAll('\t', ' ').replace(hidden, '');
  return visible.normalize('NFC').replace(stacked, '$1');
}

/** The mark counts towards the limit, so that a cut text is short enough to be left alone. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text];
  if (points.length <= limit) return text;
  let kept = limit;
  let mark = '';
  do {
    kept--;
    mark = `…[+${points.length - kept}]`;
  } while (kept > 0 && kept + mark.length > limit);
  return kept > 0 ? points.slice(0, kept).join('') + mark : points.slice(0, limit).join('');
}
