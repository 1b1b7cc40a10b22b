/** Where to connect and how to trust what answers. A target's config.yaml entry has this shape. */
export interface Endpoint {
  /** The target's name, for errors and the login state. */
  readonly name: string;
  readonly product: string;
  readonly host: string;
  readonly port: number;
  readonly verifySsl: boolean;
  /** PEM file. Replaces the system's certificate authorities for this target. */
  readonly caFile?: string;
  /** The same as text, for a server that was asked about rather than configured. Goes before `caFile`. */
  readonly ca?: string;
  /** SHA-256 pin, upper-case hex pairs with colons. Decides alone: no authority and no host name is asked. */
  readonly thumbprint?: string;
  /** PEM files of a certificate and its key that are shown to the server. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** The same as text, both or neither. They go before the files. */
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  /** Directory of config.yaml; the state of refused logins is kept there. */
  readonly directory: string;
}
