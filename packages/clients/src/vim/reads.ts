/**
 * Methods that change nothing anybody else can see; what some of them create lives and dies with the
 * session. A method that is not here is a change: it is never sent twice.
 */
const reads = new Set([
  'RetrieveServiceContent',
  'SessionIsActive',
  'CurrentTime',
  'CreateContainerView',
  'DestroyView',
  'RetrievePropertiesEx',
  'ContinueRetrievePropertiesEx',
  'CancelRetrievePropertiesEx',
  'CreatePropertyCollector',
  'DestroyPropertyCollector',
  'CreateFilter',
  'DestroyPropertyFilter',
  'WaitForUpdatesEx',
  'CancelWaitForUpdates',
  'FindByUuid',
  'FindByInventoryPath',
  'FindChild',
  'HasPrivilegeOnEntities',
]);

export const isRead = (method: string): boolean => reads.has(method);
