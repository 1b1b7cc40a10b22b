// What fetching costs without reading: the requests of `vm list`, the answer to the large one thrown away.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

const { host, port, ca, username, password, paths } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
const agent = new Agent({ keepAlive: true, ca });
let cookie = '';

/** One SOAP call; resolves to its body unless that is to be thrown away. */
const call = (method, type, id, body, keep = true) =>
  new Promise((resolve, reject) => {
    const xml =
      '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      `<Body><${method} xmlns="urn:vim25"><_this type="${type}">${id}</_this>${body}</${method}></Body></Envelope>`;
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(xml),
      soapaction: '"urn:vim25/8.0.3.0"',
      ...(cookie && { cookie }),
    };
    const outgoing = request(
      { agent, host, port, method: 'POST', path: '/sdk', headers },
      (incoming) => {
        cookie ||= incoming.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
        let text = '';
        if (keep)
          incoming.on('data', (chunk) => {
            text += chunk;
          });
        else incoming.resume();
        incoming.on('end', () =>
          incoming.statusCode === 200 ? resolve(text) : reject(new Error(`${method}: ${text}`)),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(xml);
  });

const content = await call('RetrieveServiceContent', 'ServiceInstance', 'ServiceInstance', '');
const idOf = (name) => new RegExp(`<${name}[^>]*>([^<]+)<`).exec(content)?.[1];
const sessions = idOf('sessionManager');
await call(
  'Login',
  'SessionManager',
  sessions,
  `<userName>${username}</userName><password>${password}</password>`,
);
const made = await call(
  'CreateContainerView',
  'ViewManager',
  idOf('viewManager'),
  `<container type="Folder">${idOf('rootFolder')}</container><type>VirtualMachine</type><recursive>true</recursive>`,
);
const view = /<returnval[^>]*>([^<]+)</.exec(made)?.[1];
const pathSet = paths.map((path) => `<pathSet>${path}</pathSet>`).join('');
await call(
  'RetrievePropertiesEx',
  'PropertyCollector',
  idOf('propertyCollector'),
  `<specSet><propSet><type>VirtualMachine</type><all>false</all>${pathSet}</propSet>` +
    `<objectSet><obj type="ContainerView">${view}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec">` +
    '<type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet><options/>',
  false,
);
await call('DestroyView', 'ContainerView', view, '');
await call('Logout', 'SessionManager', sessions, '');
agent.destroy();
