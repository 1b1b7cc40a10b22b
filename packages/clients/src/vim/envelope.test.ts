import { expect, test } from 'vitest';
import { envelope } from './envelope.js';

const on = { type: 'SessionManager', value: 'SessionManager' };
const bodyOf = (xml: string) => xml.slice(xml.indexOf('Body>') + 5, xml.indexOf('</soapenv:Body'));

test('elements come in schema order whatever the order of the arguments', () => {
  const xml = envelope('Login', on, { locale: 'en', password: 'p', userName: 'u' });
  expect(bodyOf(xml)).toBe(
    '<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this>' +
      '<userName>u</userName><password>p</password><locale>en</locale></Login>',
  );
});

test('text cannot become markup, and a carriage return survives', () => {
  const xml = envelope('Login', on, { userName: '</userName>&"\r', password: ']]>' });
  expect(xml).toContain('<userName>&lt;/userName&gt;&amp;&quot;&#13;</userName>');
  expect(xml).toContain('<password>]]&gt;</password>');
});

test.each(['\u0000', '\u001b[31m', '\ud800', '\uffff'])(
  'refuses text XML cannot carry: %j',
  (text) => {
    expect(() => envelope('Login', on, { userName: text, password: 'p' })).toThrow(
      expect.objectContaining({ code: 'INVALID_TEXT' }),
    );
  },
);

test('subtypes are named by xsi:type', () => {
  const obj = { type: 'ContainerView', value: 'view-1' };
  const listed = { $type: 'TraversalSpec', type: 'ContainerView', path: 'view' };
  const xml = envelope('RetrievePropertiesEx', on, {
    specSet: [{ propSet: [{ type: 'VirtualMachine' }], objectSet: [{ obj, selectSet: [listed] }] }],
    options: {},
  });
  expect(xml).toContain(
    '<selectSet xsi:type="TraversalSpec"><type>ContainerView</type><path>view</path></selectSet>',
  );
});

test('an argument the schema does not have, or lacks, is a mistake of ours', () => {
  expect(() => envelope('Login', on, { user: 'u', password: 'p' })).toThrow('Login has no user');
  expect(() => envelope('Login', on, { password: 'p' })).toThrow('Login needs userName');
  expect(() => envelope('Lgoin', on, {})).toThrow('wanted.json');
});
