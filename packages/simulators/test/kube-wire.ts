import { request } from 'node:https';
import type { User } from '../src/kube/accounts.js';
import type { KubeRequest } from '../src/kube/kube-face.js';
import {
  openSupervisorApi,
  type SupervisorApi,
  type SupervisorApiOptions,
} from '../src/kube/supervisor-api.js';
import { Clock } from '../src/server/clock.js';
import { Faults } from '../src/server/faults.js';
import { openWorld } from '../src/wcp/open-world.js';
import type { Namespace, Supervisor, WcpWorld } from '../src/wcp/world.js';

/** An answer as it came. */
export interface KubeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body read as JSON; empty when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at, not relied on
  readonly json: any;
  readonly text: string;
}

export interface Sent {
  readonly token?: string | undefined;
  /** Sent as it is when it is text, as JSON otherwise. */
  readonly body?: unknown;
  readonly type?: string;
  readonly authorization?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** Where to send, and what to trust. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
}

/** Sends one request on a connection of its own. Rejects when it ends without a whole answer. */
export function send(
  { host, port, ca }: Server,
  method: string,
  path: string,
  { token, body, type = 'application/json', authorization, certificate }: Sent = {},
): Promise<KubeAnswer> {
  const bytes = Buffer.from(
    body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  );
  const bearer = token === undefined ? authorization : `Bearer ${token}`;
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ host, port, ca, method, path, agent: false, ...certificate },
      headers: {
        'content-length': bytes.length,
        ...(body !== undefined && { 'content-type': type }),
        ...(bearer !== undefined && { authorization: bearer }),
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, json: isJson(text) ? JSON.parse(text) : {}, text });
      });
    });
    sent.end(bytes);
  });
}

/** What a watch tells is a line for each event, so no JSON. */
const isJson = (text: string) => text.startsWith('{') && !text.trim().includes('\n');

export const mergePatch = 'application/merge-patch+json';
export const password = 'Simulated-1!';
export const users: readonly User[] = [
  { username: 'administrator@vsphere.local', password, role: 'admin' },
  { username: 'developer@vsphere.local', password, role: 'edit', namespaces: ['dev'] },
  { username: 'viewer@vsphere.local', password, role: 'view', namespaces: ['dev'] },
  { username: 'nobody@vsphere.local', password, role: 'none' },
];

const gold = { id: 'policy-gold', name: 'Gold Policy', description: '' };
const silver = { id: 'policy-silver', name: 'silver', description: '' };

/** A vSphere Namespace on the Supervisor of these tests. */
export const newNamespace = (name: string, more: Partial<Namespace> = {}): Namespace => ({
  name,
  supervisor: 'sup-1',
  configStatus: 'RUNNING',
  description: '',
  resourceSpec: {},
  accessList: [],
  storageSpecs: [{ policy: gold.id, limit: 10_240 }],
  vmClasses: ['best-effort-small', 'guaranteed-large'],
  contentLibraries: [],
  networks: [],
  vpc: undefined,
  zones: [],
  creator: { subject: 'Administrator', domain: 'vsphere.local' },
  stats: { cpu_used: 0, memory_used: 0, storage_used: 0 },
  messages: [],
  createdAt: new Date(0),
  ...more,
});

const vmClass = (id: string, cpus: number, memoryMb: number, reserved: number) =>
  [id, { id, cpus, memoryMb, reserved, description: '' }] as const;

function newSite(clock: Clock): WcpWorld {
  const site = openWorld({
    clock,
    configureMilliseconds: 1000,
    domains: ['vsphere.local'],
    clusterNames: new Map([['domain-c8', 'workload-a']]),
  });
  for (const policy of [gold, silver]) site.storagePolicies.set(policy.id, policy);
  for (const [id, found] of [
    vmClass('best-effort-small', 2, 4096, 0),
    vmClass('best-effort-large', 4, 16_384, 0),
    vmClass('guaranteed-large', 4, 16_384, 100),
  ])
    site.vmClasses.set(id, found);
  site.namespaces.set('dev', newNamespace('dev'));
  return site;
}

const newSupervisor = (): Supervisor => ({
  id: 'sup-1',
  name: 'supervisor-a',
  clusters: ['domain-c8'],
  zones: [],
  configStatus: 'RUNNING',
  kubernetesStatus: 'READY',
  version: 'v1.30.5+vmware.4-fips-vsc0.1.12',
  networkProvider: 'NSXT_CONTAINER_PLUGIN',
  networks: [],
  endpoint: '',
  certificate: '',
  serviceCidr: { address: '10.96.0.0', prefix: 23 },
  podCidrs: [],
  ingressCidrs: [],
  egressCidrs: [],
  services: [],
  messages: [],
});

type Caller = (method: string, path: string, sent?: Sent) => Promise<KubeAnswer>;

/** A Supervisor's API with one namespace, `dev`, and somebody logged in to it. */
export class Lab implements AsyncDisposable {
  readonly api: SupervisorApi;
  readonly site: WcpWorld;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly requests: KubeRequest[];
  /** The administrator's. */
  token = '';

  private constructor(
    api: SupervisorApi,
    site: WcpWorld,
    supervisor: Supervisor,
    { clock, faults, requests }: Pick<Lab, 'clock' | 'faults' | 'requests'>,
  ) {
    this.api = api;
    this.site = site;
    this.supervisor = supervisor;
    this.clock = clock;
    this.faults = faults;
    this.requests = requests;
  }

  static async open(options: Partial<SupervisorApiOptions> = {}): Promise<Lab> {
    const clock = new Clock();
    const site = newSite(clock);
    const supervisor = newSupervisor();
    site.supervisors.set(supervisor.id, supervisor);
    const own = { clock, faults: new Faults(), requests: [] as KubeRequest[] };
    const api = await openSupervisorApi({ supervisor, site, users, ...own, ...options });
    const lab = new Lab(api, site, supervisor, own);
    lab.token = (await lab.login('administrator@vsphere.local')).json.session_id;
    return lab;
  }

  get server(): Server {
    return { host: this.api.host, port: this.api.port, ca: this.api.certificate.cert };
  }

  login(username: string, body?: unknown, secret = password): Promise<KubeAnswer> {
    const basic = Buffer.from(`${username}:${secret}`).toString('base64');
    const authorization = `Basic ${basic}`;
    return send(this.server, 'POST', '/wcp/login', { authorization, body });
  }

  /** Someone who sends requests with a token of their own. */
  async as(username: string): Promise<Caller> {
    const { session_id: token } = (await this.login(username)).json;
    return (method, path, sent) => send(this.server, method, path, { token, ...sent });
  }

  call: Caller = (method, path, sent) =>
    send(this.server, method, path, { token: this.token, ...sent });

  get = (path: string) => this.call('GET', path);
  post = (path: string, body: unknown) => this.call('POST', path, { body });
  patch = (path: string, body: unknown) => this.call('PATCH', path, { body, type: mergePatch });
  delete = (path: string, body?: unknown) => this.call('DELETE', path, { body });

  /** Lets so much time pass, and does what is due. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    await this.api.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.site.close();
    await this.api[Symbol.asyncDispose]();
  }
}

export const clusters = '/apis/cluster.x-k8s.io/v1beta2/namespaces/dev/clusters';
export const oldClusters = clusters.replace('v1beta2', 'v1beta1');

/** A Cluster (v1beta2) that would be accepted, and what differs. */
export const newCluster = (
  name: string,
  topology: Readonly<Record<string, unknown>> = {},
  spec: Readonly<Record<string, unknown>> = {},
) => ({
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { name },
  spec: {
    clusterNetwork: {
      pods: { cidrBlocks: ['192.168.0.0/16'] },
      services: { cidrBlocks: ['10.96.0.0/12'] },
    },
    topology: {
      classRef: { name: 'builtin-generic-v3.3.0', namespace: 'vmware-system-vks-public' },
      version: 'v1.31.4+vmware.1-fips',
      controlPlane: { replicas: 1 },
      workers: { machineDeployments: [{ class: 'node-pool', name: 'workers', replicas: 2 }] },
      variables: [
        { name: 'vmClass', value: 'best-effort-small' },
        { name: 'storageClass', value: 'gold-policy' },
      ],
      ...topology,
    },
    ...spec,
  },
});

/** Whether the condition of an object's status is `True`. */
export const isTrue = (
  object: { status: { conditions: { type: string; status: string }[] } },
  type: string,
) => object.status.conditions.find((condition) => condition.type === type)?.status === 'True';
