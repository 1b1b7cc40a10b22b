/** vim.vm.device.VirtualDevice, as far as it is used. `$type` is its xsi:type. */
export interface Device {
  readonly $type?: string;
  readonly deviceInfo?: { readonly label?: string };
  readonly connectable?: { readonly connected?: boolean };
  readonly macAddress?: string;
  readonly capacityInKB?: number;
  readonly capacityInBytes?: number;
  readonly backing?: { readonly fileName?: string; readonly thinProvisioned?: boolean };
}

export const isDisk = ({ $type }: Device): boolean => $type === 'VirtualDisk';

/** Every kind of network card has a MAC address, and nothing else has. */
export const isNic = ({ macAddress }: Device): boolean => macAddress !== undefined;

/** Capacity in bytes; `capacityInBytes` since 5.5, kilobytes before. Undefined when neither is known. */
export const capacityOf = ({ capacityInBytes, capacityInKB }: Device): number | undefined =>
  capacityInBytes ?? (capacityInKB === undefined ? undefined : capacityInKB * 1024);

export const gigabytes = (bytes: number): number => Math.round((bytes / 1024 ** 3) * 10) / 10;

export const disksIn = (devices: readonly Device[]) =>
  devices.filter(isDisk).map((disk) => {
    const bytes = capacityOf(disk);
    return {
      label: disk.deviceInfo?.label ?? null,
      capacity_gb: bytes === undefined ? null : gigabytes(bytes),
      thin_provisioned: disk.backing?.thinProvisioned ?? null,
      file: disk.backing?.fileName ?? null,
    };
  });

export const nicsIn = (devices: readonly Device[]) =>
  devices.filter(isNic).map((nic) => ({
    label: nic.deviceInfo?.label ?? null,
    mac_address: nic.macAddress ?? null,
    connected: nic.connectable?.connected ?? null,
  }));
