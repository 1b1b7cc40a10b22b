import { expect, test } from 'vitest';
import { configMaps, namespaces } from '../../test/kube.js';
import { target } from '../wcp/target.js';
import { checkChange, creation, deletion, isRehearsal, mergePatch, rehearsal } from './change.js';
import { targetOf } from './place.js';
import type { Change } from './types.js';

const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
const roles = { ...configMaps, group: 'rbac.authorization.k8s.io', plural: 'roles' };

const hostile = [
  '',
  '.',
  '..',
  '../secrets',
  'a/b',
  'a%2fb',
  '%2e%2e',
  'a\\b',
  'a?dryRun=All',
  'a#b',
  'a\r\nHost: evil',
  'a b',
  'A',
  'é',
  'a,metadata.namespace=kube-system',
  'a\u0000',
  '\ud800',
  'x'.repeat(254),
];

test.each(hostile)('the name %j leads nowhere', (name) => {
  expect(() => targetOf(configMaps, { namespace: 'dev', name })).toThrow(invalid);
  expect(() => targetOf(configMaps, { namespace: name, name: 'a' })).toThrow(invalid);
  expect(() => targetOf(configMaps, { namespace: name })).toThrow(invalid);
  expect(() => deletion(configMaps, { namespace: 'dev', name })).toThrow(invalid);
  expect(() => mergePatch(configMaps, { namespace: 'dev', name }, {})).toThrow(invalid);
  expect(() => creation(configMaps, name, {})).toThrow(invalid);
});

test.each(hostile)('the id %j stays one segment of a path of vCenter, or is refused', (id) => {
  const made = (() => {
    try {
      return target`/api/vcenter/namespaces/instances/v2/${id}/end`;
    } catch (error) {
      expect(error).toEqual(invalid);
      return undefined;
    }
  })();
  if (made === undefined) return;
  expect(made).toMatch(/^\/api\/vcenter\/namespaces\/instances\/v2\/[^/?#\\\s]+\/end$/);
  expect(new URL(made, 'https://vcenter').pathname).toBe(made);
  expect(decodeURIComponent(made.split('/').at(-2) ?? '')).toBe(id);
});

test('names of roles may be odd, and are one segment all the same', () => {
  expect(targetOf(roles, { namespace: 'dev', name: 'wcp:dev:user:x@y z' })).toBe(
    '/apis/rbac.authorization.k8s.io/v1/namespaces/dev/roles/wcp%3Adev%3Auser%3Ax%40y%20z',
  );
  for (const name of ['..', 'a/b', 'a%2fb', 'a\nb'])
    expect(() => targetOf(roles, { namespace: 'dev', name })).toThrow(invalid);
});

test('objects are where their resource is', () => {
  expect(targetOf(namespaces, { name: 'dev' })).toBe('/api/v1/namespaces/dev');
  expect(targetOf(configMaps, {}, { limit: 5, continue: undefined, labelSelector: 'a=b&c' })).toBe(
    '/api/v1/configmaps?limit=5&labelSelector=a%3Db%26c',
  );
  expect(() => targetOf(namespaces, { namespace: 'dev', name: 'dev' })).toThrow(invalid);
  expect(() => targetOf(configMaps, { name: 'a' })).toThrow(invalid);
  expect(() => targetOf({ ...configMaps, plural: '../x' })).toThrow(invalid);
  expect(() => targetOf({ ...configMaps, group: 'a/b' })).toThrow(invalid);
  const place = { namespace: 'dev', name: 'a', subresource: '../b' };
  expect(() => targetOf(configMaps, place)).toThrow(invalid);
});

const put = (at: string): Change => ({ method: 'PUT', target: at, body: {} });

test.each([
  'https://elsewhere/api/v1/x',
  '//elsewhere/api',
  '/version',
  '/api/../version',
  '/api/v1/%2e%2e/x',
  '/api/v1/namespaces/dev%2fconfigmaps%2Fa',
  '/api/v1/a%252fb',
  '/api/v1/a%5cb',
  '/api/v1/a%0ab',
  '/api/v1//a',
  '/api/v1/a/',
  '/api/v1/a#b',
  '/api/v1/a b',
  '/api/v1/a\r\nX: y',
  '/api/v1/a%',
  '/api/v1/a?dryRun=None',
  '/api/v1/a?dryRun=All&dryRun=None',
])('the target %j is not sent', (at) => {
  expect(() => checkChange(put(at))).toThrow(invalid);
});

test('a rehearsal is one for the server too, whatever the method', () => {
  const place = { namespace: 'dev', name: 'a' };
  const remove = deletion(configMaps, place, { uid: 'u', propagation: 'Foreground' });
  expect(isRehearsal(remove)).toBe(false);
  expect(rehearsal(remove)).toEqual({
    method: 'DELETE',
    target: '/api/v1/namespaces/dev/configmaps/a',
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions: { uid: 'u' },
      dryRun: ['All'],
    },
  });
  // With a body, the query of a DELETE is not looked at.
  const fooled = { ...remove, target: `${remove.target}?dryRun=All` };
  expect(isRehearsal(fooled)).toBe(false);
  expect(() => checkChange(fooled)).toThrow(invalid);
  const patch = rehearsal(mergePatch(configMaps, place, {}));
  expect(patch.target).toMatch(/\?fieldValidation=Strict&dryRun=All$/);
  expect(isRehearsal(patch)).toBe(true);
  expect(rehearsal(patch)).toEqual(patch);
  expect(() => checkChange(patch)).not.toThrow();
});
