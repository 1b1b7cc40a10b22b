import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Certificate } from '../../server/certificate.js';
import {
  bits,
  explicit,
  identifier,
  integer,
  octets,
  sequence,
  set,
  tagged,
  text,
  time,
  truth,
} from './der.js';

/** Who a certificate is for. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
const names = { organization: identifier('2.5.4.10'), commonName: identifier('2.5.4.3') };
const extensions = {
  alternativeNames: identifier('2.5.29.17'),
  constraints: identifier('2.5.29.19'),
  keyUsage: identifier('2.5.29.15'),
  purposes: identifier('2.5.29.37'),
};
const purposes = {
  server: identifier('1.3.6.1.5.5.7.3.1'),
  client: identifier('1.3.6.1.5.5.7.3.2'),
};

/** The certificate authority of one cluster: what it issues is trusted by who trusts `certificate`, and nobody else. */
export class Authority {
  /** PEM. */
  readonly certificate: string;
  readonly #keys = newKeys();
  readonly #subject: Subject;

  constructor(commonName: string) {
    this.#subject = { commonName };
    this.certificate = this.#issue(this.#subject, this.#keys.publicKey, [
      extension(extensions.constraints, sequence(truth(true)), true),
      // keyCertSign and cRLSign
      extension(extensions.keyUsage, bits(Buffer.from([0x06]), 1), true),
    ]);
  }

  /** A server's certificate for 127.0.0.1 and localhost. */
  server(commonName: string): Certificate {
    const addresses = sequence(
      tagged(0x82, Buffer.from('localhost')),
      tagged(0x87, Buffer.from([127, 0, 0, 1])),
    );
    const named = extension(extensions.alternativeNames, addresses);
    return this.#leaf({ commonName }, purposes.server, [named]);
  }

  client(subject: Subject): Certificate {
    return this.#leaf(subject, purposes.client, []);
  }

  #leaf(subject: Subject, purpose: Buffer, more: readonly Buffer[]): Certificate {
    const { publicKey, privateKey } = newKeys();
    const cert = this.#issue(subject, publicKey, [
      extension(extensions.keyUsage, bits(Buffer.from([0x80]), 7), true),
      extension(extensions.purposes, sequence(purpose)),
      ...more,
    ]);
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  #issue(subject: Subject, key: KeyObject, given: readonly Buffer[]): string {
    const now = Date.now();
    const body = sequence(
      explicit(0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      nameOf(this.#subject),
      sequence(time(new Date(now - day)), time(new Date(now + 364 * day))),
      nameOf(subject),
      key.export({ type: 'spki', format: 'der' }),
      explicit(3, sequence(...given)),
    );
    const signature = sign('sha256', body, this.#keys.privateKey);
    return pem(sequence(body, ecdsaWithSha256, bits(signature)));
  }
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

const nameOf = ({ organization, commonName }: Subject): Buffer =>
  sequence(
    ...(organization === undefined ? [] : [set(sequence(names.organization, text(organization)))]),
    set(sequence(names.commonName, text(commonName))),
  );

const extension = (id: Buffer, value: Buffer, critical = false): Buffer =>
  sequence(id, ...(critical ? [truth(true)] : []), octets(value));

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
