import { credentialWords } from './credential-key.js';

const stars = '***';

// What a message says about a password instead of the password.
const prose =
  /^(?:not|no|none|null|nil|undefined|unset|missing|required|invalid|incorrect|wrong|expired|empty|absent|denied|rejected|failed|must|should|is|was|has|has been|cannot|could|does|did|will|may|can|the|a|an|for|to|of|true|false)$/i;

const words = credentialWords.join('|');
const name = `(?:[\\w.-]{0,64}[_.-]|[a-z0-9]{0,64})?(?:${words})`;
const quoted = [
  '"(?:[^"\\\\\\n]|\\\\[^\\n])*(?:"|$)',
  '\\\\"(?:(?!\\\\")[^\\n])*(?:\\\\"|$)',
  "'[^'\\n]*(?:'|$)",
].join('|');

// Each starts at a fixed word and runs over one class of characters: time grows with the text, not faster.
const shapes: readonly [RegExp, string | ((...found: string[]) => string)][] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    stars,
  ],
  [
    /\b((?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?)((?:basic|bearer|digest|negotiate|token|apikey|sharedkey|remote)\s{1,8})?[^\s"',;]+/gi,
    `$1$2${stars}`,
  ],
  [/\b((?:set-)?cookie["']?\s{0,8}[:=]\s{0,8}["']?)(?:[^\r\n"'=]|="[^"\r\n]*"|=)+/gi, `$1${stars}`],
  [
    /\b((?:vmware-api-session-id|x-xsrf-token|x-api-key|x-auth-token|x-vault-token|vmware_soap_session|jsessionid)["']?\s{0,8}[:=]\s{0,8}["']?)[^\s"',;]+/gi,
    `$1${stars}`,
  ],
  [
    /\b(bearer|basic)(\s{1,8})(?=[^\s"',;]{0,200}[0-9._=+/])[A-Za-z0-9._~+/=-]{8,}/gi,
    `$1$2${stars}`,
  ],
  [/<((?:\w{1,20}:)?Assertion)\b[\s\S]*?(?:<\/\1>|$)/g, stars],
  [/\b(SAML(?:Request|Response)=)[^\s&"']+/g, `$1${stars}`],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, stars],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/"'<>]+@/gi, `$1${stars}@`],
  [
    /(\s|^)(-u|--user|--proxy-user)([= ]{1,2})("[^"\n]*"|'[^'\n]*'|[^\s:"']+:\S+)/g,
    `$1$2$3${stars}`,
  ],
  [/\b(sshpass\s{1,8}-p)(\s{0,8})("[^"\n]*"|'[^'\n]*'|\S+)/g, `$1$2${stars}`],
  [
    new RegExp(`(\\s|^)(--?${name})(\\s{1,4})(${quoted}|[^\\s"'-]\\S*)`, 'gi'),
    (all, lead = '', flag = '', gap = '', value = '') =>
      prose.test(value) ? (all ?? '') : `${lead}${flag}${gap}${stars}`,
  ],
  [/\b(login\s{1,8}\S{1,200}\s{1,8}password\s{1,8})\S+/gi, `$1${stars}`],
  [/\b(auth\s{0,4}=\s{0,4}\()[^)\n]*/gi, `$1${stars}`],
];

const pair = new RegExp(
  `(?<![A-Za-z0-9_.-])(${name})(\\\\?["']?\\s{0,8}(?:=>|[:=])\\s{0,8}|\\s{1,4}(?=["']))(${quoted}|[^\\s"',;&<>)}\\]]+)`,
  'gi',
);
const element = new RegExp(`(<(?:\\w{1,20}:)?${name}(?:\\s[^<>]{0,200})?>)[^<]+`, 'gi');

/**
 * Replaces credentials inside free text by `***`: headers, URL userinfo, private keys, tokens, command lines,
 * `key=value`, JSON and XML. Sentences about a password stay as they are. Time is linear in the text.
 */
export function scrub(text: string): string {
  if (text.length < 6) return text;
  const shaped = shapes.reduce(
    (left, [shape, by]) =>
      typeof by === 'string' ? left.replace(shape, by) : left.replace(shape, by),
    text,
  );
  return shaped
    .replace(element, `$1${stars}`)
    .replace(pair, (all: string, key: string, separator: string, value: string) => {
      const told = !separator.includes('=') && prose.test(value.replace(/[.!?]$/, ''));
      if (told || value === stars) return all;
      const quote = /^\\?["']/.exec(value)?.[0] ?? '';
      return `${key}${separator}${quote}${stars}${quote}`;
    });
}
