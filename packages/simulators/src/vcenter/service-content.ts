import type { Ref } from '../inventory/entities.js';
import type { DataObject } from './value.js';

const singleton = (type: string, value = type): Ref => ({ type, value });

export const about = {
  name: 'VMware vCenter Server',
  fullName: 'VMware vCenter Server 8.0.3 build-24022515',
  vendor: 'VMware, Inc.',
  version: '8.0.3',
  patchLevel: '00000',
  build: '24022515',
  localeVersion: 'INTL',
  localeBuild: '000',
  osType: 'linux-x64',
  productLineId: 'vpx',
  apiType: 'VirtualCenter',
  apiVersion: '8.0.3.0',
  instanceUuid: '5d1c7d34-7a1e-4c0e-9a35-0f1f6f2d4a10',
  licenseProductName: 'VMware VirtualCenter Server',
  licenseProductVersion: '8.0',
} satisfies DataObject;

/** Older API versions a client may speak, newest first. */
export const priorVersions = [
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '7.0.3.2',
  '7.0',
  '6.7',
  '6.5',
  '6.0',
];

/** The service content, with the managers this simulator has and no others. */
export const serviceContent = (
  rootFolder: string,
): Readonly<Record<string, Ref | typeof about>> => ({
  rootFolder: { type: 'Folder', value: rootFolder },
  propertyCollector: singleton('PropertyCollector', 'propertyCollector'),
  viewManager: singleton('ViewManager'),
  about,
  sessionManager: singleton('SessionManager'),
  authorizationManager: singleton('AuthorizationManager'),
  taskManager: singleton('TaskManager'),
  searchIndex: singleton('SearchIndex'),
});
