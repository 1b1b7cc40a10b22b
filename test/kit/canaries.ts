/** Something that must stay where it was planted. */
export interface Canary {
  readonly kind: string;
  readonly secret: string;
  /** How a server, a proxy or a file would have it in a text. */
  readonly text: string;
}

/** A word that is like no other, so that what is found of it is a leak. */
const word = (n: number): string => `Kanarie${(n * 7919 + 104_729).toString(36)}Q${n}z`;

/** Passwords, with the characters that break quoting, escaping and encoding. */
export const passwords: readonly Canary[] = [
  ...[
    '',
    '"',
    "'",
    '\\',
    ' and ',
    '$(id)',
    '&<>',
    '%41+',
    '#;=',
    '@:/?',
    'ü€𝟙',
    '`|',
    '{}[]',
    '\\n',
  ],
].map((odd, n) => {
  const secret = `${word(n)}${odd}${word(n + 100)}`;
  return { kind: `password with ${odd || 'nothing odd'}`, secret, text: secret };
});

const bits = (n: number): string => Buffer.from(`${word(n)}-${word(n + 1)}`).toString('base64url');
const jwt = (n: number): string => `eyJhbGciOiJub25lIn0.eyJzdWIiOi${bits(n)}.${bits(n + 2)}`;
const pem = (n: number, what: string): string =>
  `-----BEGIN ${what}-----\n${bits(n)}\n${bits(n + 2)}\n-----END ${what}-----`;

/** Tokens and keys as they turn up in answers, pages of proxies and messages of helpers. */
export const tokens: readonly Canary[] = (
  [
    ['bearer token', bits(20), (s) => `Authorization: Bearer ${s}`],
    ['basic credentials', bits(23), (s) => `authorization: Basic ${s}`],
    ['token of a digest', bits(26), (s) => `Proxy-Authorization: Digest ${s}`],
    ['JSON Web Token', jwt(30), (s) => `refused ${s} at`],
    ['JSON Web Token in JSON', jwt(34), (s) => `{"id_token":"${s}"}`],
    ['session cookie', bits(38), (s) => `Cookie: JSESSIONID=${s}; Path=/`],
    ['cookie that is set', bits(41), (s) => `Set-Cookie: vmware_soap_session="${s}"; Secure`],
    ['session of the Automation API', bits(44), (s) => `vmware-api-session-id: ${s}`],
    ['session in JSON', bits(47), (s) => `{"session_id": "${s}"}`],
    ['token against forgery', bits(50), (s) => `X-XSRF-TOKEN: ${s}`],
    ['userinfo of a URL', word(53), (s) => `proxy http://admin:${s}@proxy.test:3128/ failed`],
    ['userinfo without a name', word(54), (s) => `https://${s}@git.test/x.git`],
    ['private key', bits(55), () => pem(55, 'PRIVATE KEY')],
    ['RSA key in JSON', bits(58), () => JSON.stringify({ key: pem(58, 'RSA PRIVATE KEY') })],
    ['encrypted key', bits(61), () => pem(61, 'ENCRYPTED PRIVATE KEY')],
    ['client key of a kubeconfig', bits(64), (s) => `    client-key-data: ${s}\n`],
    ['token of a kubeconfig', bits(67), (s) => `users:\n- user:\n    token: ${s}\n`],
    ['password of a kubeconfig', word(70), (s) => `    password: ${s}\n`],
    ['value of an .env', bits(71), (s) => `VMWARE_LAB_PASSWORD=b64:${s}`],
    ['value of an .env in quotes', word(74), (s) => `export VCENTER_PASSWORD="${s}"`],
    ['key of an API', bits(75), (s) => `X-Api-Key: ${s}`],
    ['key of an API in a query', bits(78), (s) => `GET /v1/x?api_key=${s}&y=1`],
    [
      'SAML assertion',
      bits(81),
      (s) => `<saml2:Assertion ID="_1"><saml2:Subject>${s}</saml2:Subject></saml2:Assertion>`,
    ],
    ['SAML response', bits(84), (s) => `RelayState=1&SAMLResponse=${s}`],
    ['password in XML', word(87), (s) => `<ns1:password xsi:type="xsd:string">${s}</ns1:password>`],
    ['password on a command line', word(88), (s) => `govc --password ${s} failed`],
  ] as const satisfies readonly (readonly [string, string, (secret: string) => string])[]
).map(([kind, secret, say]) => ({ kind, secret, text: say(secret) }));

/** In which forms a secret is in a text; none is what is wanted. */
export function formsIn(haystack: string | Buffer, secret: string): string[] {
  const text = typeof haystack === 'string' ? haystack : haystack.toString('latin1');
  const utf8 = typeof haystack === 'string' ? haystack : haystack.toString('utf8');
  const joined = utf8.replaceAll(/["'`+\s]/g, '');
  return Object.entries({
    plain: secret,
    'percent-encoded': encodeURIComponent(secret),
    'form-encoded': new URLSearchParams({ s: secret }).toString().slice(2),
    base64: Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    base64url: Buffer.from(secret).toString('base64url'),
    hex: Buffer.from(secret).toString('hex'),
    'JSON-escaped': JSON.stringify(secret).slice(1, -1),
    reversed: [...secret].reverse().join(''),
    'UTF-16': Buffer.from(secret, 'utf16le').toString('latin1'),
    'split by quotes': secret.replaceAll(/["'`+\s]/g, ''),
  }).flatMap(([form, wanted]) =>
    text.includes(wanted) || utf8.includes(wanted) || joined.includes(wanted) ? [form] : [],
  );
}
