import type { Ref } from '../inventory/entities.js';
import type { VcenterVersion } from '../server/vcenter-version.js';
import type { DataObject } from './value.js';

const singleton = (type: string, value = type): Ref => ({ type, value });

const builds = {
  '7.0.3': '24322018',
  '8.0.3': '24022515',
  '9.0.0': '24495978',
} satisfies Record<VcenterVersion, string>;

/** What a vCenter Server says of itself. */
export const aboutOf = (version: VcenterVersion) =>
  ({
    name: 'VMware vCenter Server',
    fullName: `VMware vCenter Server ${version} build-${builds[version]}`,
    vendor: 'VMware, Inc.',
    version,
    patchLevel: '00000',
    build: builds[version],
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: 'linux-x64',
    productLineId: 'vpx',
    apiType: 'VirtualCenter',
    apiVersion: `${version}.0`,
    instanceUuid: '5d1c7d34-7a1e-4c0e-9a35-0f1f6f2d4a10',
    licenseProductName: 'VMware VirtualCenter Server',
    licenseProductVersion: version.slice(0, 3),
  }) satisfies DataObject;

type About = ReturnType<typeof aboutOf>;

const apiVersions = [
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '7.0.3.2',
  '7.0',
  '6.7',
  '6.5',
  '6.0',
];

/** Older API versions a client may speak, newest first. */
export const priorVersions = (version: VcenterVersion): string[] =>
  apiVersions.filter((each) => each.localeCompare(version, 'en', { numeric: true }) < 0);

/** The service content, with the managers this simulator has and no others. */
export const serviceContent = (
  rootFolder: string,
  about: About,
): Readonly<Record<string, Ref | About>> => ({
  rootFolder: { type: 'Folder', value: rootFolder },
  propertyCollector: singleton('PropertyCollector', 'propertyCollector'),
  viewManager: singleton('ViewManager'),
  about,
  sessionManager: singleton('SessionManager'),
  authorizationManager: singleton('AuthorizationManager'),
  taskManager: singleton('TaskManager'),
  searchIndex: singleton('SearchIndex'),
});
