import type { Ref } from '../inventory/entities.js';
import { dataType } from './schema.js';
import type { DataObject } from './value.js';

/** A fault of the VIM API: its type, fields as in the schema, and the sentence vCenter writes beside it. */
export class VimFault extends Error {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(type: string, fields: Readonly<Record<string, unknown>> = {}, message?: string) {
    super(message ?? sentences[type] ?? `A ${type} fault occurred.`);
    this.name = type;
    this.type = type;
    this.fields = fields;
  }

  /** The fault as a data object, to be sent in a `detail`, a task or a missing property. */
  get object(): DataObject {
    return { ...this.fields, _type: this.type };
  }

  get localized(): DataObject {
    return { fault: this.object, localizedMessage: this.message };
  }
}

const sentences: Readonly<Record<string, string>> = {
  NotAuthenticated: 'The session is not authenticated.',
  InvalidLogin: 'Cannot complete login due to an incorrect user name or password.',
  NoPermission: 'Permission to perform this operation was denied.',
  NotSupported: 'The operation is not supported on the object.',
  InvalidState: 'The operation is not allowed in the current state.',
  InvalidCollectorVersion: 'The collector version is not valid.',
  RequestCanceled: 'The request was cancelled.',
  ToolsUnavailable:
    'Cannot complete operation because VMware Tools is not running in this virtual machine.',
  TaskInProgress: 'Another task is already in progress.',
  InsufficientResourcesFault: 'The available resources in the cluster are insufficient.',
  NotFound: 'The object or item referred to could not be found.',
  FileLocked: 'Unable to access file since it is locked.',
  Timedout: 'Operation timed out.',
  HostNotConnected: 'Unable to communicate with the remote host, since it is disconnected.',
  TooManySnapshotLevels: 'Snapshot hierarchy is too deep.',
  SystemError: 'A general system error occurred.',
};

const states: Readonly<Record<string, string>> = {
  poweredOn: 'Powered on',
  poweredOff: 'Powered off',
  suspended: 'Suspended',
};

export const invalidPowerState = (requested: string, existing: string): VimFault =>
  new VimFault(
    'InvalidPowerState',
    { requestedState: requested, existingState: existing },
    `The attempted operation cannot be performed in the current state (${states[existing]}).`,
  );

export const notFound = (obj: Ref): VimFault =>
  new VimFault(
    'ManagedObjectNotFound',
    { obj },
    `The object 'vim.${obj.type}:${obj.value}' has already been deleted or has not been completely created`,
  );

export const invalidRequest = (message: string): VimFault =>
  new VimFault('InvalidRequest', {}, message);

export const invalidArgument = (property: string): VimFault =>
  new VimFault(
    'InvalidArgument',
    { invalidProperty: property },
    `A specified parameter was not correct: ${property}`,
  );

/** A fault of any type in the schema, its required fields filled in: for fault rules. */
export function faultOf(
  type: string,
  on: Ref,
  fields: Readonly<Record<string, unknown>> = {},
  message?: string,
): VimFault {
  const known = dataType(type);
  if (!known) throw new Error(`a fault rule names ${type}, which wanted.json does not list`);
  const filled = { ...fields };
  for (const [name, kind, cardinality] of known.fields)
    if (cardinality === '') filled[name] ??= placeholder(kind, on);
  return new VimFault(type, filled, message);
}

function placeholder(kind: string, on: Ref): unknown {
  if (kind === 'ManagedObjectReference') return on;
  if (kind === 'VirtualMachinePowerState') return 'poweredOff';
  if (kind === 'xsd:boolean') return false;
  if (/^xsd:(int|long|short|byte)$/.test(kind)) return 0;
  return '';
}
