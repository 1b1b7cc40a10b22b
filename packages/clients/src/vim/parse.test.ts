import { expect, test } from 'vitest';
import { Answer } from './parse.js';

const soap = (body: string) =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"` +
  ` xmlns:xsd="http://www.w3.org/2001/XMLSchema"` +
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>${body}</e:Body></e:Envelope>`;

/** Decodes an answer that arrives in pieces of `size` bytes. */
function decode(method: string, xml: string, size = 7) {
  const answer = new Answer(method);
  const bytes = Buffer.from(xml);
  const rows = [];
  for (let at = 0; at < bytes.length; at += size) {
    answer.write(bytes.subarray(at, at + size));
    rows.push(...answer.takeRows());
  }
  return { result: answer.end(), rows };
}

const retrieved = (properties: string) =>
  soap(
    `<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><token>t1</token><objects>` +
      `<obj type="VirtualMachine">vm-1</obj>${properties}</objects></returnval></RetrievePropertiesExResponse>`,
  );

test('the type attribute is known by its namespace, not by its prefix', () => {
  const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
  const { rows, result } = decode(
    'RetrievePropertiesEx',
    retrieved(
      `<propSet><name>a</name><val xsi:type="xsd:int">1</val></propSet>` +
        `<propSet><name>b</name><val xmlns:_i="${xsi}" _i:type="xsd:boolean">true</val></propSet>` +
        `<propSet><name>c</name><val _i:type="xsd:int" xmlns:_i="urn:else">1</val></propSet>` +
        `<propSet><name>d</name><val xmlns:xsi="urn:else" xsi:type="xsd:int">1</val></propSet>` +
        `<propSet><name>e</name><val type="xsd:int">1</val></propSet>`,
    ),
  );
  expect(result).toEqual({ token: 't1' });
  expect(rows).toEqual([
    {
      ref: { type: 'VirtualMachine', value: 'vm-1' },
      props: { a: 1, b: true, c: '1', d: '1', e: '1' },
      missing: {},
    },
  ]);
});

test('lists of one stay lists, and text survives being cut anywhere', () => {
  const xml = retrieved(
    `<propSet><name>n</name><val xsi:type="xsd:string">Zoë &amp; 東京 <![CDATA[<x>]]></val></propSet>` +
      `<propSet><name>l</name><val xsi:type="ArrayOfString"><string>x</string></val></propSet>` +
      `<propSet><name>r</name><val xsi:type="ArrayOfManagedObjectReference">` +
      `<ManagedObjectReference type="Network" xsi:type="ManagedObjectReference">network-7</ManagedObjectReference></val></propSet>`,
  );
  for (const size of [1, 2, 3, 1000])
    expect(decode('RetrievePropertiesEx', xml, size).rows[0]?.props).toEqual({
      n: 'Zoë & 東京 <x>',
      l: ['x'],
      r: [{ type: 'Network', value: 'network-7' }],
    });
});

test('what a newer server adds is skipped, and a newer subtype read as far as it is known', () => {
  const { rows } = decode(
    'RetrievePropertiesEx',
    retrieved(
      `<later><deep>1</deep></later><propSet><name>a</name><val xsi:type="xsd:long">4294967296</val><new/></propSet>` +
        `<missingSet><path>b</path><fault><fault xsi:type="FaultOf2030"><x>1</x></fault><localizedMessage/></fault></missingSet>`,
    ),
  );
  expect(rows).toMatchObject([{ props: { a: 4294967296 }, missing: { b: 'FaultOf2030' } }]);
});

test('a fault is thrown with its type, message and fields', () => {
  const xml = soap(
    `<e:Fault><faultcode>ServerFaultCode</faultcode><faultstring>No way.</faultstring><detail>` +
      `<InvalidPowerStateFault xmlns="urn:vim25" xsi:type="InvalidPowerState"><requestedState>poweredOn</requestedState>` +
      `<existingState>poweredOff</existingState></InvalidPowerStateFault></detail></e:Fault>`,
  );
  expect(() => decode('PowerOnVM_Task', xml)).toThrow(
    expect.objectContaining({
      type: 'InvalidPowerState',
      message: 'No way.',
      fields: expect.objectContaining({ existingState: 'poweredOff' }),
    }),
  );
});

test.each([
  ['a DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${soap('<x/>')}`],
  ['an unclosed answer', soap('<CurrentTimeResponse>').slice(0, -20)],
  ['an undefined entity', soap('<a>&boom;</a>')],
  ['HTML', '<html><body>Bad gateway</body></html>'],
  ['an empty envelope', soap('')],
  ['nothing', ''],
  ['endless nesting', soap('<a>'.repeat(300) + '</a>'.repeat(300))],
])('refuses %s', (_, xml) => {
  expect(() => decode('CurrentTime', xml)).toThrow(Error);
});
