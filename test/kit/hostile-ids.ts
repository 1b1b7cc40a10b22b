import { isOfThisRun } from './part.js';

/** Pieces that lead elsewhere: in a path, a query, a header, an XML document, a shell, a query language or a log. */
const pieces: readonly string[] = [
  // Paths
  ...[
    '..',
    '.',
    '../',
    '../../',
    '/..',
    '/../',
    './',
    '//',
    '/',
    '\\',
    '..\\',
    '\\..\\',
    '/./',
    '~',
  ],
  ...['%2e%2e', '%2e%2e%2f', '%2E%2E/', '..%2f', '..%5c', '%252e%252e%252f', '%2f', '%5c', '%00'],
  ...['%c0%ae%c0%ae%c0%af', '%u002e', '..;/', ';a=b', ';jsessionid=1', '%3b', '%', '%%', '%zz'],
  ...[
    '\u2215',
    '\u2044',
    '\uff0f',
    '\u29f8',
    '\ufe68',
    '\uff3c',
    '\uff0e\uff0e\uff0f',
    '\u2024\u2024',
  ],
  ...[
    'file:///etc/passwd',
    'http://evil.test/',
    '//evil.test/',
    'https:\\\\evil.test',
    '@evil.test',
  ],
  // Queries and fragments
  ...[
    '?',
    '?x=',
    '?dryRun=All',
    '?action=x',
    '&y=z',
    '&',
    '=',
    '#',
    '#frag',
    '%23',
    '%3f',
    '%26a=b',
  ],
  ...[
    '?force=true',
    '?~action=deploy',
    '$filter=1',
    '*',
    '**',
    '?*',
    '[a-z]',
    '{}',
    '{id}',
    ':',
    '::',
  ],
  // Headers and lines
  ...[
    '\r\n',
    '\r\nX-Evil: 1',
    '\n',
    '\r',
    '%0d%0aX-Evil: 1',
    '\r\n\r\nGET / HTTP/1.1\r\n',
    '\u2028',
  ],
  ...[
    '\u2029',
    '\u0085',
    '\t',
    '\v',
    '\u0000',
    '\u0000.json',
    '\u0001',
    '\u001b[31m',
    '\u009b2J',
    '\u007f',
  ],
  // XML
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '</name>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&lt;',
    '&#0;',
  ],
  ...[
    '&#x0;',
    '&xxe;',
    '<!DOCTYPE x>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  ],
  ...['<?xml version="1.0"?>', '</newName></Rename_Task>', '<_this type="Folder">group-d1</_this>'],
  ...['" type="Folder', "' xsi:type='x", '<x xmlns="urn:evil"/>', '</soapenv:Body>', '%lol;'],
  // JSON, YAML, Kubernetes patches
  ...[
    '"}',
    '",',
    '{"a":1}',
    '[]',
    '\\"',
    '\\u0000',
    '\\',
    '---\n',
    '- x',
    '{{x}}',
    '\u0024{x}',
    '!!js/function',
  ],
  ...['metadata.name=x', 'a,b', 'a=b,c=d', 'in (a)', '/apis/x', 'system:masters', 'kube-system'],
  // Shells, SQL and search
  ...['$(id)', '`id`', '; rm -rf /', '| cat', '&& id', '-rf', '--', '--help', "' OR 1=1 --", '*:*'],
  ...[') OR (', ' AND ', ' OR ', 'resource_type:Group', 'id:x', '\\*', '__proto__', 'constructor'],
  // What a reader does not see, or sees in another order
  ...[
    '\u202e',
    '\u202egpj.exe',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\u2060',
    '\u3164',
  ],
  ...[
    '\u{e0041}',
    '\ue000',
    '\ud800',
    '\udc00',
    '\ufffe',
    '\u0301\u0301\u0301\u0301',
    '\u2800',
    'ﬁ',
  ],
  // Shapes
  ...[
    '',
    ' ',
    'null',
    'undefined',
    'NaN',
    'true',
    '0',
    '-1',
    '1e309',
    '0x10',
    '𝟙',
    'İ',
    'ß',
    '仮想',
  ],
  ...['a'.repeat(255), 'a'.repeat(256), 'a'.repeat(10_000), '/'.repeat(2_000), '..'.repeat(3_000)],
  ...['%2e'.repeat(3_000), '<'.repeat(10_000), '&'.repeat(5_000), '\u{1f680}'.repeat(2_500)],
];

const wrapped: readonly ((piece: string) => string)[] = [
  (piece) => piece,
  (piece) => `web-01${piece}`,
  (piece) => `${piece}web-01`,
  (piece) => `web${piece}-01`,
];

/** 500 texts, none of them the name of anything. */
export const hostileIds: readonly string[] = [
  ...new Set(wrapped.flatMap((wrap) => pieces.map((piece) => wrap(piece)))),
]
  .filter((text) => text !== 'web-01')
  .slice(0, 500);

/** Those that are tried in this run. */
export const idsOfThisRun: readonly string[] = hostileIds.filter((_, n) => isOfThisRun(n));
