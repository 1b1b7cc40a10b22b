import type { Ask } from './api.js';
import type { Kind } from './kinds.js';
import { type Cause, KubeError } from './kube-error.js';

const optionsOf = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
} as const;

const refused = (options: string, cause: Cause): KubeError =>
  new KubeError(
    422,
    'Invalid',
    `${options}.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
    { group: 'meta.k8s.io', kind: options, causes: [cause] },
  );

const unsupported = (field: string, shown: string, supported: string): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown}: supported values: ${supported}`,
  field,
});

/** Whether nothing is to be kept. Throws 422 for options that have no such value. */
export function isDryRun({ query, verb }: Ask, inBody?: unknown): boolean {
  const options = optionsOf[verb as keyof typeof optionsOf];
  const values = [...query.getAll('dryRun'), ...(Array.isArray(inBody) ? inBody : [])];
  if (values.some((value) => value !== 'All'))
    throw refused(options, unsupported('dryRun', JSON.stringify(values), '"All"'));
  const validation = query.get('fieldValidation') ?? '';
  if (verb !== 'delete' && !['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    throw refused(
      options,
      unsupported('fieldValidation', `"${validation}"`, '"", "Ignore", "Strict", "Warn"'),
    );
  return values.length > 0;
}

/** Throws 422 unless it is a policy there is, or none. */
export function checkPropagation(policy: unknown): void {
  const known = ['Background', 'Foreground', 'Orphan'];
  if (policy === null || policy === undefined || known.includes(String(policy))) return;
  const supported = '"Foreground", "Background", "Orphan", "nil"';
  throw refused('DeleteOptions', unsupported('propagationPolicy', `"${policy}"`, supported));
}

const patches = ['json-patch+json', 'merge-patch+json', 'apply-patch+yaml'];

/** Throws 415 unless a body is of the one type that this program reads; the message names what the real one reads. */
export function mustBe(accepted: string, { contentType, place: { kind } }: Ask): void {
  if (contentType === accepted) return;
  const all = accepted.includes('patch') ? patchesOf(kind) : objects;
  throw new KubeError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${all.join(', ')}`,
  );
}

const objects = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const patchesOf = ({ fields }: Kind): string[] =>
  [...patches, ...(fields ? ['strategic-merge-patch+json'] : [])].map(
    (type) => `application/${type}`,
  );
