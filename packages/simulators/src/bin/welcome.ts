import type { NsxSimulation, Simulation, VksSimulation } from '../index.js';

/** Lines to read, then lines to paste into a shell. */
export function welcome({
  url,
  host,
  port,
  thumbprint,
  credentials,
}: Pick<Simulation, 'url' | 'host' | 'port' | 'thumbprint' | 'credentials'>): string {
  const { username, password } = credentials;
  return `${[
    `url         ${url}`,
    `username    ${username}`,
    `password    ${password}`,
    ...(url.startsWith('https') ? [`thumbprint  ${thumbprint}`] : []),
    '',
    `export VCENTER_HOST='${host}:${port}'`,
    `export VCENTER_USER='${username}'`,
    `export VCENTER_PASSWORD='${password}'`,
    "export VCENTER_INSECURE='true'",
    `export GOVC_URL='${url}/sdk'`,
    `export GOVC_USERNAME='${username}'`,
    `export GOVC_PASSWORD='${password}'`,
    "export GOVC_INSECURE='true'",
  ].join('\n')}\n`;
}

/** How to reach the NSX Manager. */
export function welcomeToNsx({ url, thumbprint, credentials }: NsxSimulation): string {
  const { username, password } = credentials;
  return `\n${[
    `nsx url         ${url}`,
    `nsx username    ${username}`,
    `nsx password    ${password}`,
    `nsx thumbprint  ${thumbprint}`,
  ].join('\n')}\n`;
}

/** How to reach the vCenter and its Supervisors, then lines to paste into a shell. */
export function welcomeToVks(simulation: VksSimulation): string {
  const { url, host, port, thumbprint, credentials, world, users } = simulation;
  const { username, password } = credentials;
  return `${[
    `url         ${url}`,
    `username    ${username}`,
    `password    ${password}`,
    `thumbprint  ${thumbprint}`,
    ...[...world.supervisors.values()].map(
      ({ name, endpoint, clusters }) =>
        `supervisor  ${name} on ${clusters.join(', ')} at https://${endpoint}`,
    ),
    ...users.slice(1).map((other) => `account     ${other.username}, the same password`),
    '',
    'export VMWARE_VKS_CONFIG="$(mktemp -d)/config.yaml"',
    'cat > "$VMWARE_VKS_CONFIG" <<END',
    'targets:',
    `  - { name: sim, host: ${host}, port: ${port}, username: '${username}', thumbprint: '${thumbprint}' }`,
    'END',
    `export VMWARE_VKS_SIM_PASSWORD='${password}'`,
  ].join('\n')}\n`;
}
