const stars = '***';
/** A shorter one would be found in words that have nothing to do with it. */
const shortest = 5;
const most = 1_000;

/** Passwords, session ids and tokens in use, in every form in which a server may say them back; oldest first. */
const inUse = new Set<string>();

/** From now on no error repeats this. Nothing else may be done with it. */
export function keepSecret(secret: string): void {
  if (secret.length < shortest || inUse.has(secret)) return;
  for (const form of formsOf(secret)) inUse.add(form);
  for (const form of inUse) {
    if (inUse.size <= most) break;
    inUse.delete(form);
  }
}

/** The same for what a request shows to be let in. */
export function keepSecretHeaders(headers: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isBadge.test(name)) continue;
    // `Bearer x`, `Basic x`, `JSESSIONID=x`, `vmware_soap_session="x"`, or the token alone.
    keepSecret(value.replace(/^(?:\w+ |\w+=)/, '').replaceAll('"', ''));
  }
}

const isBadge = /^(?:authorization|cookie|x-xsrf-token|x-vault-token|vmware-api-session-id)$/i;

/** A text without the secrets that are in use. */
export function hushed(text: string): string {
  let quiet = text;
  for (const secret of inUse) if (quiet.includes(secret)) quiet = quiet.replaceAll(secret, stars);
  return quiet;
}

/** The same of every text in a JSON value. */
export function hushedDeep<T>(value: T): T {
  if (typeof value === 'string') return hushed(value) as T;
  if (Array.isArray(value)) return value.map(hushedDeep) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hushedDeep(item)]),
  ) as T;
}

/** The longest first: a form may hold another. */
const formsOf = (secret: string): string[] =>
  [
    secret,
    percentEncoded(secret),
    percentEncoded(secret).replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ].sort((a, b) => b.length - a.length);

const percentEncoded = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
