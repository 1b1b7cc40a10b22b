import { randomUUID } from 'node:crypto';

/** UUIDv7 (RFC 9562): sorts by time. The random bits are those of Node's UUIDv4, which it draws in advance. */
export function uuidv7(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
