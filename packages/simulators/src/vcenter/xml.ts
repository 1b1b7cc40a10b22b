import { SaxesParser } from 'saxes';
import { invalidRequest } from './vim-fault.js';

export const soapNs = 'http://schemas.xmlsoap.org/soap/envelope/';
export const vimNs = 'urn:vim25';
export const xsiNs = 'http://www.w3.org/2001/XMLSchema-instance';
export const xsdNs = 'http://www.w3.org/2001/XMLSchema';

/** An element of a request, its names resolved. */
export interface Node {
  readonly name: string;
  readonly ns: string;
  /** `xsi:type`, its prefix resolved. */
  readonly type: { readonly ns: string; readonly name: string } | undefined;
  /** Attributes without a namespace. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** Reads a SOAP envelope and returns the one element of its body. Throws InvalidRequest on anything else. */
export function bodyOf(xml: string): Node {
  const envelope = parse(xml);
  const bodies = envelope.children.filter((each) => each.name === 'Body' && each.ns === soapNs);
  const [call, ...more] = bodies[0]?.children ?? [];
  if (envelope.name !== 'Envelope' || envelope.ns !== soapNs || bodies.length !== 1)
    throw invalidRequest('\n\nwhile parsing SOAP envelope\nat line 1, column 0');
  if (!call || more.length > 0)
    throw invalidRequest('Exactly one element is expected\n\nwhile parsing SOAP body');
  return call;
}

function parse(xml: string): Node {
  const parser = new SaxesParser({ xmlns: true });
  const open: Node[] = [];
  let root: Node | undefined;
  const refuse = (what: string): never => {
    throw invalidRequest(`XML document could not be parsed: ${what}`);
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('a document type declaration is not allowed'));
  parser.on('opentag', (tag) => {
    const attributes: Record<string, string> = {};
    let type: Node['type'];
    for (const { uri, local, value } of Object.values(tag.attributes)) {
      if (uri === '') attributes[local] = value;
      if (uri !== xsiNs || local !== 'type') continue;
      const cut = value.indexOf(':');
      const ns = parser.resolve(cut < 0 ? '' : value.slice(0, cut));
      type = { ns: ns ?? '', name: value.slice(cut + 1).trim() };
    }
    const node: Node = { name: tag.local, ns: tag.uri, type, attributes, children: [], text: '' };
    if (open.length > 64) refuse('elements are nested too deeply');
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  const text = (more: string) => {
    const node = open.at(-1);
    if (node) node.text += more;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return root ?? refuse('there is no element');
}
