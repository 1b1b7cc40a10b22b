import type { Governed } from '@vmware/policy';
import type { Surface } from '@vmware/policy/cli';
import { connectTo, type Era } from '../../packages/vsphere/test/mcp-client.js';

type Arguments = Readonly<Record<string, unknown>>;
type Params = Readonly<Record<string, unknown>> & { readonly arguments: Arguments };

/** A lab on which one changing tool is called over MCP. */
export interface Guarded extends AsyncDisposable {
  readonly surface: Surface;
  readonly governed: Governed;
  /** An input that works. */
  readonly input: Arguments;
  /** Replaces rules.yaml. */
  rules(text: string): void;
  /** Changing requests that the target received. */
  changes(): readonly string[];
}

/** rules.yaml under which a person has to agree to every change. */
export const askAPerson = `
version: 1
default: { read: permit, write: permit, consent: { low: human, medium: human, high: human, critical: human } }
`;

/** Values that are something, and not the `false` or `true` that a flag has to be. */
const nearlyFalse: readonly unknown[] = [
  0,
  -0,
  '',
  'false',
  'FALSE',
  'no',
  '0',
  null,
  [],
  [false],
  {},
  { valueOf: 0 },
];
const nearlyTrue: readonly unknown[] = [1, 'true', 'TRUE', 'yes', [true], { agree: true }, 1e308];

/** As JSON has it: `__proto__` is a field like any other. */
const parsed = (text: string): Arguments => JSON.parse(text) as Arguments;

/** Arguments that say "do it" in every way but the right one: the change is only shown, or the call refused. */
function notMeant(input: Arguments): Params[] {
  const flags = [...nearlyFalse, ...nearlyTrue].map((dry_run) => ({ dry_run }));
  const hidden = [
    parsed('{"__proto__": {"dry_run": false, "confirmed": true}}'),
    parsed('{"constructor": {"prototype": {"dry_run": false}}}'),
    parsed('{"dry_run": false, "dry_run": true}'),
    { dryRun: false, confirmed: true },
    { 'dry_run ': false },
    { DRY_RUN: false },
    { arguments: { ...input, dry_run: false } },
    { params: { dry_run: false } },
    { _meta: { dry_run: false } },
  ];
  const said = { dry_run: false, confirmed: true, consent: 'x' };
  return [
    ...[...flags, ...hidden].map((more) => ({ arguments: { ...input, ...more } })),
    { arguments: input, ...said },
    { arguments: input, _meta: said },
    { arguments: input, _meta: { ...said, 'vmware/dry_run': false, arguments: said } },
  ];
}

/** Arguments of the wrong kind, with everything else as it has to be: the call is refused. */
function wrongKind(input: Arguments): Params[] {
  return Object.entries(input).flatMap(([name, value]) =>
    [
      ...(Array.isArray(value) ? [{ length: 1 }, value.join()] : [[value], { toString: value }]),
      ...(typeof value === 'number' ? [1e308, -1, `${value}`, 0.5] : [1e308]),
      ...(typeof value === 'boolean' ? ['true', 1] : [true]),
    ].map((wrong) => ({ arguments: { ...input, [name]: wrong, dry_run: false } })),
  );
}

/** Consent that nobody gave. */
function forgedConsent(input: Arguments, seal: unknown): Params[] {
  const go = { ...input, dry_run: false };
  const agreed = { consent: { action: 'accept', content: { agree: true } } };
  return [
    ...[...nearlyTrue, '', seal, [seal], { seal, by: 'human' }, `${String(seal)}x`].map(
      (consent) => ({ arguments: { ...go, consent } }),
    ),
    { arguments: { ...go, by: 'human' } },
    { arguments: { ...go, approved: [{ user: 'root' }] } },
    { arguments: go, inputResponses: agreed },
    { arguments: go, inputResponses: agreed, requestState: 'x' },
    { arguments: go, inputResponses: agreed, requestState: seal },
    { arguments: go, _meta: { inputResponses: agreed, requestState: seal, consent: seal } },
    { arguments: go, requestState: seal, inputResponses: parsed('{"__proto__": {"consent": 1}}') },
  ];
}

/**
 * Calls a changing tool in every way that must not change anything, and in the end in the one that must. Resolves
 * to what the first ones changed and what the last one did.
 */
export async function bypass(
  name: string,
  era: Era,
  open: () => Promise<Guarded>,
  goAhead: string,
): Promise<{ changes: readonly string[]; meant: readonly string[] }> {
  await using lab = await open();
  lab.rules(goAhead);
  const { input, surface, governed } = lab;
  const tool = surface.tools.find(({ listing }) => listing.name === name);
  const confirmed =
    'confirmed' in (tool?.listing.inputSchema.properties ?? {}) ? { confirmed: true } : {};
  await using mcp = await connectTo(surface, governed, era);
  const call = ({ arguments: given, ...rest }: Params) =>
    mcp.client
      .callTool({ name, arguments: { ...confirmed, ...given }, ...rest } as never)
      .catch((error: Error) => error);
  for (const params of [...notMeant(input), ...wrongKind(input)]) {
    await call(params);
  }
  lab.rules(askAPerson);
  const preview = (await call({ arguments: input })) as { structuredContent?: Arguments };
  for (const params of forgedConsent(input, preview.structuredContent?.['consent'])) {
    await call(params);
  }
  const changes = lab.changes();
  lab.rules(goAhead);
  await call({ arguments: { ...input, dry_run: false } });
  return { changes, meant: lab.changes().slice(changes.length) };
}
