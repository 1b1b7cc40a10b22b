import { ApiError } from '../http/errors.js';
import { lineage } from './schema.js';
import type { LocalizedFault, Ref } from './types.js';
import { VimFault } from './vim-fault.js';

interface Meaning {
  readonly code: string;
  readonly remedy: string;
  readonly retryable?: boolean;
}

const busy = 'Wait for the other operation to end, then try again.';

/** Fault type -> what to tell the caller. A subtype without an entry uses its nearest ancestor's. */
const meanings: Readonly<Record<string, Meaning>> = {
  InvalidLogin: { code: 'AUTH_FAILED', remedy: 'Correct the user name or password.' },
  PasswordExpired: { code: 'AUTH_FAILED', remedy: 'Change the expired password of the account.' },
  NoPermission: {
    code: 'NO_PERMISSION',
    remedy: 'Ask an administrator to give the account the missing privilege on this object.',
  },
  RestrictedByAdministrator: {
    code: 'NO_PERMISSION',
    remedy: 'Ask an administrator why this operation is restricted.',
  },
  InvalidPowerState: {
    code: 'INVALID_POWER_STATE',
    remedy: 'Bring the virtual machine into the power state that is asked for, then try again.',
  },
  InvalidState: {
    code: 'INVALID_STATE',
    remedy: 'Look at the state of the object, and try again when it allows the operation.',
  },
  TaskInProgress: { code: 'BUSY', remedy: busy, retryable: true },
  ResourceInUse: { code: 'BUSY', remedy: busy, retryable: true },
  ConcurrentAccess: { code: 'BUSY', remedy: busy, retryable: true },
  FileLocked: { code: 'BUSY', remedy: busy, retryable: true },
  ManagedObjectNotFound: { code: 'NOT_FOUND', remedy: 'Look the object up again; it is gone.' },
  NotFound: { code: 'NOT_FOUND', remedy: 'Look the object up again; it is gone.' },
  FileNotFound: { code: 'NOT_FOUND', remedy: 'Check the files of the object in its datastore.' },
  DuplicateName: { code: 'DUPLICATE_NAME', remedy: 'Choose a name that is not in use there.' },
  AlreadyExists: { code: 'DUPLICATE_NAME', remedy: 'Choose a name that is not in use there.' },
  InvalidName: { code: 'INVALID_NAME', remedy: 'Choose a shorter name without / \\ and %.' },
  ToolsUnavailable: {
    code: 'TOOLS_UNAVAILABLE',
    remedy: 'Install or start VMware Tools in the guest, or use the operation that needs none.',
  },
  QuestionPending: {
    code: 'QUESTION_PENDING',
    remedy: 'Answer the question the virtual machine is waiting on, then try again.',
  },
  SnapshotFault: {
    code: 'SNAPSHOT_FAILED',
    remedy: 'Read the reason, and look at the snapshots and disks of the virtual machine.',
  },
  NoDiskSpace: { code: 'NO_DISK_SPACE', remedy: 'Free space on the datastore, then try again.' },
  FileFault: { code: 'FILE_FAULT', remedy: 'Check the datastore and the file that is named.' },
  InsufficientResourcesFault: {
    code: 'INSUFFICIENT_RESOURCES',
    remedy: 'Free resources on the host or cluster, or ask for less.',
  },
  RequestCanceled: { code: 'CANCELLED', remedy: 'Try again if it was not meant to be cancelled.' },
  InvalidArgument: { code: 'INVALID_ARGUMENT', remedy: 'Correct the argument that is named.' },
  InvalidProperty: {
    code: 'NOT_SUPPORTED',
    remedy: 'Ask a server whose version has the property.',
  },
  NotSupported: {
    code: 'NOT_SUPPORTED',
    remedy: 'Use an operation this server and object support.',
  },
  MethodNotFound: { code: 'NOT_SUPPORTED', remedy: 'Use an operation this server supports.' },
  NotImplemented: { code: 'NOT_SUPPORTED', remedy: 'Use an operation this server supports.' },
  MethodDisabled: {
    code: 'METHOD_DISABLED',
    remedy: 'Wait for the solution that disabled the operation on this object, or ask its owner.',
  },
  HostCommunication: {
    code: 'HOST_UNAVAILABLE',
    remedy: 'Check that the host is connected, then try again.',
    retryable: true,
  },
  InvalidHostState: { code: 'HOST_UNAVAILABLE', remedy: 'Check the state of the host.' },
  Timedout: { code: 'TIMEOUT', remedy: 'Look at the object, then try again.', retryable: true },
  NotEnoughLicenses: {
    code: 'NOT_LICENSED',
    remedy: 'Assign a licence that covers the operation.',
  },
  SystemError: {
    code: 'UPSTREAM',
    remedy: 'Look at the tasks and events of the object in vCenter.',
  },
};

const unexpected: Meaning = {
  code: 'UPSTREAM',
  remedy: 'Look at the tasks and events of the object in vCenter.',
};

/** A VimFault as an ApiError that keeps the server's words; anything else unchanged. */
export function explain(error: unknown): unknown {
  if (!(error instanceof VimFault)) return error;
  return readable(error.fields.$type ?? 'MethodFault', error.message, error.fields, error);
}

/** The error of a task or of a property. */
export function explainLocalized({ fault, localizedMessage }: LocalizedFault): ApiError {
  return readable(fault?.$type ?? 'MethodFault', localizedMessage ?? '', fault ?? {});
}

function readable(
  type: string,
  message: string,
  fields: NonNullable<LocalizedFault['fault']>,
  cause?: unknown,
): ApiError {
  let meaning: Meaning | undefined;
  for (const name of lineage(type)) {
    meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    if (meaning) break;
  }
  const { code, remedy, retryable = false } = meaning ?? unexpected;
  const words = [message, ...reasons(fields)].map((text) => text.trim()).filter(Boolean);
  const extra = particulars(fields);
  const said = [...new Set(words)].join(' — ') || `The server reported ${type}`;
  return new ApiError(code, extra.text ? `${said} (${extra.text})` : said, {
    remedy,
    retryable,
    details: { fault: type, message, ...extra.details },
    ...(cause !== undefined && { cause }),
  });
}

/** What the fault's own messages and its causes say, outermost first. */
function* reasons(fields: NonNullable<LocalizedFault['fault']>, depth = 0): Generator<string> {
  for (const { message } of fields.faultMessage ?? []) if (message) yield message;
  const { faultCause: cause } = fields;
  if (!cause || depth > 8) return;
  if (cause.localizedMessage) yield cause.localizedMessage;
  else if (cause.fault?.$type) yield cause.fault.$type;
  if (cause.fault) yield* reasons(cause.fault, depth + 1);
}

/** The fields that tell one fault of a type from another. */
function particulars(fields: Readonly<Record<string, unknown>>) {
  const details: Record<string, string> = {};
  const names = [
    'privilegeId',
    'requestedState',
    'existingState',
    'invalidProperty',
    'name',
    'file',
  ];
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value) details[name] = value;
  }
  const object = (fields['object'] ?? fields['obj']) as Ref | undefined;
  if (object?.value) details['object'] = `${object.type}:${object.value}`;
  const text = Object.entries(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  return { details, text };
}
