/** `https://host:port` of an endpoint. */
export const serverAddress = ({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): string => `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
