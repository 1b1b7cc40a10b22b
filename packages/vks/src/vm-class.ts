import type { VmClass } from '@vmware/clients/wcp';

/** GPUs are among the devices, under names that changed between releases. */
export const gpusOf = ({ devices }: VmClass): number =>
  (devices?.vgpu_devices?.length ?? 0) +
  (
    devices?.dynamic_direct_path_IO_devices ??
    devices?.dynamic_direct_path_io_devices ??
    devices?.direct_path_io_devices ??
    []
  ).length;
