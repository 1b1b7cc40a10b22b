import { checkGroup } from './check-group.js';
import { invalid } from './nsx-error.js';
import type { PolicyObject } from './store.js';
import type { World } from './world.js';

const categories: Readonly<Record<string, readonly string[]>> = {
  SecurityPolicy: ['Ethernet', 'Emergency', 'Infrastructure', 'Environment', 'Application', ''],
  GatewayPolicy: ['SharedPreRules', 'LocalGatewayRules'],
};

type Check = (object: PolicyObject, before: PolicyObject | undefined, world: World) => void;

const checks: Readonly<Record<string, Check>> = {
  SecurityPolicy: checkPolicy,
  GatewayPolicy: checkPolicy,
  IdsSecurityPolicy: checkPolicy,
  Rule: checkRule,
  IdsRule: checkAction,
  Group: checkGroup,
  Service: checkService,
};

/** Checks what the type of an object does not say. Throws. What objects refer to is checked elsewhere. */
export const checkObject: Check = (object, before, world) => {
  const tags = object['tags'] as readonly { scope?: string; tag?: string }[] | undefined;
  for (const { scope = '', tag = '' } of tags ?? []) {
    if (scope.length > 128) throw invalid('A tag has a scope of more than 128 characters.');
    if (tag.length > 256) throw invalid('A tag has a value of more than 256 characters.');
  }
  checks[object.resource_type]?.(object, before, world);
};

function checkPolicy(object: PolicyObject, before: PolicyObject | undefined): void {
  const allowed = categories[object.resource_type];
  const category = String(object['category'] ?? '');
  if (before && category !== String(before['category'] ?? ''))
    throw invalid(`The category of a policy cannot change: it is ${before['category']}.`);
  if (!before && allowed && !allowed.includes(category))
    throw invalid(`There is no category '${category}' for ${object.resource_type}.`);
  checkSequence(object, before);
}

function checkSequence(object: PolicyObject, before: PolicyObject | undefined): void {
  const number = object['sequence_number'];
  if (number === before?.['sequence_number']) return;
  if (typeof number === 'number' && (number < 0 || number > 999_999))
    throw invalid(`Field sequence_number is between 0 and 999999, not ${number}.`);
}

function checkAction(object: PolicyObject, before: PolicyObject | undefined): void {
  checkSequence(object, before);
  if (object['action'] === undefined)
    throw invalid(`Field action of ${object.resource_type} ${object.id} is required.`);
}

function checkRule(object: PolicyObject, before: PolicyObject | undefined, world: World): void {
  checkAction(object, before);
  const category = world.objects.get(object.parent_path)?.['category'];
  if (object['action'] === 'JUMP_TO_APPLICATION' && category !== 'Environment')
    throw invalid(
      `The action JUMP_TO_APPLICATION is for policies of the category Environment, not ${category}.`,
    );
}

function checkService(object: PolicyObject): void {
  const entries = (object['service_entries'] ?? []) as readonly Record<string, unknown>[];
  for (const entry of entries)
    for (const field of ['source_ports', 'destination_ports'])
      for (const port of (entry[field] ?? []) as readonly string[])
        if (!isPort(port)) throw invalid(`'${port}' in ${field} is no port and no range of ports.`);
}

function isPort(text: string): boolean {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return first !== undefined && Number(first) <= Number(last) && Number(last) <= 65_535;
}
