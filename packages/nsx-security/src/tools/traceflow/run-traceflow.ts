import { createHash } from 'node:crypto';
import { ApiError } from '@vmware/clients/http';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { type Place, placeOf, targetOf } from '../../objects.js';
import { type PacketWords, packetOf } from '../../packet.js';
import { checkIn, lookBack, requestOf, sendRequest } from '../../planned-request.js';
import { cardsOf, expectOverlay, portBy, portOfVm, type Source } from '../../ports.js';
import { nsxScope } from '../../schema.js';
import { awaitTrace, readTrace, traceResult } from '../../trace.js';
import { findVm } from '../../vms.js';

const port = z.int().min(1).max(65_535);
const address = z.string().min(2).max(60);
const vm = z.string().min(1).max(255);

export const runTraceflow = defineTool({
  name: 'run_traceflow',
  usage: 'traceflow run <src_lport_id>',
  summary:
    'Inject one traced packet at a VM and report what every hop and firewall rule did with it.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['network_engineer'],
  timeout: 180_000,
  format: 'json',
  flags: { protocol: 'proto', timeout_seconds: 'timeout', nsx_scope: 'scope' },
  examples: [
    'traceflow run --src-vm web-01 --dst-vm db-01 --dst-port 3306',
    'traceflow run 6d2f1c1e-0c7a-4a3e-9d0e-6b1f7a2c9b10 --src-ip 10.10.1.11 --dst-ip 10.10.3.11',
  ],
  input: z.object({
    src_lport_id: vm.optional().describe('Segment port: id or path. Or give src_vm.'),
    src_vm: vm.optional().describe('VM the packet starts at.'),
    src_ip: address.optional().describe('Source address; that of the VM if absent.'),
    dst_ip: address.optional().describe('Destination address, or give dst_vm.'),
    dst_vm: vm.optional().describe('VM the packet is for.'),
    protocol: z
      .string()
      .default('TCP')
      .transform((word) => word.toUpperCase())
      .pipe(z.enum(['TCP', 'UDP', 'ICMP']))
      .describe('TCP, UDP or ICMP.'),
    dst_port: port.default(80).describe('Destination port.'),
    src_port: port.default(1234).describe('Source port.'),
    ttl: z.int().min(1).max(255).default(64).describe('Time to live.'),
    timeout_seconds: z.int().min(1).max(150).default(20).describe('Seconds to wait.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    ...traceResult,
    cleaned_up: z.boolean(),
    src_ip: z.string(),
    dst_ip: z.string(),
    protocol: z.string(),
  }),
})
  .plan(async (input, { nsx }, context) => {
    const place = placeOf(nsx, input.nsx_scope, context);
    const source = await sourceOf(place, input);
    await expectOverlay(place, source);
    const words = await packetWords(place, source, input);
    const config = {
      resource_type: 'TraceflowConfig',
      segment_port_path: source.port.path,
      packet: packetOf(words),
      is_transient: true,
    };
    const target = targetOf(
      place,
      `${place.scope.infra}/traceflows/${await freeId(place, config)}`,
    );
    const from = source.vm?.display_name ?? source.port.display_name ?? source.port.id;
    const ports = words.protocol === 'ICMP' ? '' : ` to port ${words.dst_port}`;
    return {
      summary: `Trace one ${words.protocol} packet from ${from} (${words.src_ip}) to ${words.dst_ip}${ports}`,
      changes: [
        'inject one packet that NSX marks and drops at its destination; the trace is deleted afterwards',
      ],
      requests: [
        requestOf({ method: 'PUT', target, body: config }),
        requestOf({ method: 'DELETE', target }),
      ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'SegmentPort', id: source.port.id, name: from }],
        reversible: false,
      },
      blockers: [],
      unmeasured: [],
    };
  })
  .run(async ({ timeout_seconds, nsx_scope, protocol }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const id = context.plan.requests[1]?.match(/\/traceflows\/([^/?]+)$/)?.[1] ?? '';
    const path = `${place.scope.infra}/traceflows/${id}`;
    const check = checkIn(nsx_scope, `traceflow get ${id}`);
    await sendRequest(nsx, context, 0, check);
    const [state, found] = await lookBack(context, check, async () => [
      await awaitTrace(place, path, timeout_seconds),
      await readTrace(place, path, id),
    ]);
    // A trace that still runs is left alone: NSX deletes it after two hours.
    const cleaned_up =
      state !== 'IN_PROGRESS' && (await cleanUp(() => sendRequest(nsx, context, 1, check)));
    const { src_ip = '', dst_ip = '' } = addressesIn(context.plan.requests[0] ?? '');
    return { ...found, cleaned_up, src_ip, dst_ip, protocol };
  });

interface Wanted extends Pick<PacketWords, 'protocol' | 'src_port' | 'dst_port' | 'ttl'> {
  readonly src_lport_id?: string | undefined;
  readonly src_vm?: string | undefined;
  readonly src_ip?: string | undefined;
  readonly dst_ip?: string | undefined;
  readonly dst_vm?: string | undefined;
}

async function sourceOf(place: Place, { src_lport_id, src_vm, src_ip }: Wanted): Promise<Source> {
  if ((src_lport_id === undefined) === (src_vm === undefined))
    throw new Refusal(
      'INVALID_INPUT',
      'A trace starts at one place: give src_vm or src_lport_id.',
      'Give the name of a VM as src_vm.',
    );
  if (src_vm !== undefined) return portOfVm(place, src_vm, src_ip);
  return portBy(place, src_lport_id ?? '');
}

async function packetWords(place: Place, source: Source, wanted: Wanted): Promise<PacketWords> {
  const { dst_vm, protocol, src_port, dst_port, ttl } = wanted;
  const dst_ip = wanted.dst_ip ?? (dst_vm === undefined ? undefined : await ipOf(place, dst_vm));
  if (dst_ip === undefined)
    throw new Refusal(
      'INVALID_INPUT',
      'A trace needs a destination.',
      'Give dst_ip, or dst_vm with the name of a VM.',
    );
  const src_ip = wanted.src_ip ?? sameFamily(source.ips, dst_ip);
  if (src_ip === undefined)
    throw new Refusal(
      'INVALID_INPUT',
      'The source address is not known.',
      'Give src_ip: an address of the card that the packet starts at.',
    );
  return { src_ip, dst_ip, protocol, src_port, dst_port, ttl, src_mac: source.mac };
}

async function ipOf(place: Place, word: string): Promise<string> {
  const found = await findVm(place, word);
  const ips = (await cardsOf(place, found)).flatMap((card) => card.ips);
  const [first] = ips.filter((ip) => !ip.startsWith('fe80:'));
  if (first !== undefined) return first;
  throw new Refusal(
    'NOT_FOUND',
    `NSX knows no address of ${found.display_name}.`,
    'Give dst_ip instead of dst_vm.',
  );
}

const sameFamily = (ips: readonly string[], other: string): string | undefined =>
  ips.find((ip) => ip.includes(':') === other.includes(':'));

/** The same trace has the same id in its preview and afterwards; one that is still there leaves it its id. */
async function freeId(place: Place, config: object): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
  for (let n = 1; n <= 20; n++) {
    const id = `vmware-trace-${digest}-${n}`;
    const target = targetOf(place, `${place.scope.infra}/traceflows/${id}`);
    if ((await place.nsx.find(target, { signal: place.signal })) === undefined) return id;
  }
  throw new Refusal(
    'BUSY',
    'Twenty traces of exactly this packet are still there.',
    'Wait for them to end, or trace another packet.',
  );
}

async function cleanUp(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function addressesIn(request: string): { src_ip?: string; dst_ip?: string } {
  const body = JSON.parse(request.slice(request.indexOf('{'))) as {
    packet: {
      ip_header?: { src_ip: string; dst_ip: string };
      ipv6_header?: { src_ip: string; dst_ip: string };
    };
  };
  return body.packet.ip_header ?? body.packet.ipv6_header ?? {};
}
