/**
 * A password from the OS keyring (service `vmware-<product>`, account = target name).
 * Undefined when it holds none, or when the optional package @napi-rs/keyring is not installed.
 */
export async function fromKeyring(product: string, target: string): Promise<string | undefined> {
  // A name in a variable keeps bundlers and the type checker from asking for the package.
  const optional = '@napi-rs/keyring';
  try {
    const { Entry } = (await import(optional)) as {
      Entry: new (service: string, account: string) => { getPassword(): string | null };
    };
    return new Entry(`vmware-${product}`, target).getPassword() ?? undefined;
  } catch {
    return undefined;
  }
}
