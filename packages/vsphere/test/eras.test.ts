import { expect, describe as suite, test } from 'vitest';
import { changesAt } from './lab.js';
import { bodyOf, connect, lab } from './mcp-lab.js';

const askAPerson = `
version: 1
default: { read: permit, write: permit, consent: { medium: human, critical: human } }
`;
const powerOff = {
  name: 'power_off',
  arguments: { name: 'web-01', dry_run: false, confirmed: true },
};

for (const era of ['legacy', 'modern'] as const)
  suite(`a client of the ${era} era`, () => {
    test('sees the tools in a fixed order with hints that follow the effect', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era);
      const { tools } = await mcp.client.listTools();
      expect(tools.map(({ name }) => name).slice(0, 4)).toEqual([
        'list_vms',
        'get_vm_info',
        'rename_vm',
        'delete_vm',
      ]);
      const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
      expect(hints['list_vms']).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(hints['delete_vm']).toMatchObject({ readOnlyHint: false, destructiveHint: true });
      for (const { inputSchema } of tools) expect(inputSchema.properties).toHaveProperty('target');
    });

    test('reads a list as columns and rows beside structured items', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era);
      const result = await mcp.client.callTool({
        name: 'list_vms',
        arguments: { filter: 'web-*', limit: 2 },
      });
      expect(result.structuredContent).toMatchObject({ returned: 2, total: 6, truncated: true });
      expect(bodyOf(result)).toMatchObject({
        columns: ['name', 'id', 'power_state', 'cpu', 'memory_mb', 'guest_os'],
        rows: [
          ['web-01', expect.any(String), 'poweredOn', 2, 4096, expect.any(String)],
          expect.any(Array),
        ],
      });
    });

    test('gets a preview, agrees with its seal, and cannot use the seal again', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era);
      const call = (extra: Record<string, unknown>) =>
        mcp.client.callTool({ name: 'delete_vm', arguments: { name: 'web-02', ...extra } });
      const shown = bodyOf(await call({}));
      expect(shown).toMatchObject({
        action: 'preview',
        plan: { summary: expect.stringContaining('web-02') },
      });
      expect(changesAt(vc.sim)).toEqual([]);
      const consent = shown['consent'];
      const done = await call({ dry_run: false, confirmed: true, consent });
      expect(bodyOf(done)).toMatchObject({ state: 'deleted' });
      const again = await call({ dry_run: false, confirmed: true, consent });
      expect(again.isError).toBe(true);
      expect(
        changesAt(vc.sim).filter((request) => request.startsWith('Destroy_Task')),
      ).toHaveLength(1);
    });

    test('a person who agrees lets the change through, asked in words made of facts', async () => {
      await using vc = await lab();
      vc.rules(askAPerson);
      await using mcp = await connect(vc, era, 'agree');
      const result = await mcp.client.callTool(powerOff);
      expect(bodyOf(result)).toMatchObject({ changed: true, power_state: 'poweredOff' });
      expect(mcp.asked).toEqual([expect.stringContaining('Power off web-01 (poweredOn)')]);
      expect(vc.audit().map(({ status }) => status)).toEqual(['loaded', 'asked', 'pending', 'ok']);
    });

    for (const answer of ['decline', 'cancel'] as const)
      test(`a person who answers ${answer} is asked once, and nothing changes`, async () => {
        await using vc = await lab();
        vc.rules(askAPerson);
        await using mcp = await connect(vc, era, answer);
        const result = await mcp.client.callTool(powerOff);
        expect(result.isError).toBe(true);
        expect(bodyOf(result)).toMatchObject({ error: { code: 'DECLINED' } });
        expect(mcp.asked).toHaveLength(1);
        expect(changesAt(vc.sim)).toEqual([]);
      });

    test('a client that cannot ask is refused, with the way that works', async () => {
      await using vc = await lab();
      vc.rules(askAPerson);
      await using mcp = await connect(vc, era, 'cannot');
      const result = await mcp.client.callTool(powerOff);
      expect(bodyOf(result)).toMatchObject({
        error: {
          code: 'AWAITING_APPROVAL',
          remedy: expect.stringContaining('vmware-audit approve'),
        },
      });
      expect(changesAt(vc.sim)).toEqual([]);
    });

    test("a model cannot pass a preview's seal off as a person's answer", async () => {
      await using vc = await lab();
      vc.rules(askAPerson);
      await using mcp = await connect(vc, era, 'decline');
      const shown = bodyOf(
        await mcp.client.callTool({ name: 'power_off', arguments: { name: 'web-01' } }),
      );
      const result = await mcp.client.callTool({
        name: 'power_off',
        arguments: { ...powerOff.arguments, consent: shown['consent'] },
      });
      expect(result.isError).toBe(true);
      expect(changesAt(vc.sim)).toEqual([]);
    });

    test('unknown arguments, reserved inputs of the wrong kind and unknown tools are refused', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era);
      const call = async (name: string, args: Record<string, unknown>) =>
        bodyOf(await mcp.client.callTool({ name, arguments: args }));
      expect(await call('power_on', { name: 'web-01', force: true })).toMatchObject({
        error: { code: 'INVALID_INPUT', message: expect.stringContaining('force') },
      });
      expect(await call('power_on', { name: 'ci-runner-01', dry_run: 'false' })).toMatchObject({
        error: { code: 'INVALID_INPUT' },
      });
      expect(await call('list_vms', { dry_run: false })).toMatchObject({
        error: { code: 'INVALID_INPUT' },
      });
      expect(await call('nuke_vm', {})).toMatchObject({ error: { code: 'UNKNOWN_TOOL' } });
      expect(changesAt(vc.sim)).toEqual([]);
    });

    test('--read-only offers what only reads, and refuses the rest by name', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era, 'cannot', { readOnly: true });
      const { tools } = await mcp.client.listTools();
      expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
      const result = await mcp.client.callTool({
        name: 'power_off_vm',
        arguments: { name: 'web-01' },
      });
      expect(bodyOf(result)).toMatchObject({ error: { code: 'UNKNOWN_TOOL' } });
    });

    test('the resource esxi://vms is a governed read', async () => {
      await using vc = await lab();
      await using mcp = await connect(vc, era);
      const { resources } = await mcp.client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual(['esxi://vms']);
      const { contents } = await mcp.client.readResource({ uri: 'esxi://vms' });
      expect((contents[0] as { text: string }).text).toContain('web-01');
      expect(vc.audit().map(({ tool, phase }) => `${tool} ${phase}`)).toEqual(['list_vms read']);
    });

    test('progress of a task reaches the client that gave a token', async () => {
      await using vc = await lab({ taskMilliseconds: 300 });
      await using mcp = await connect(vc, era);
      const steps: number[] = [];
      const shown = bodyOf(
        await mcp.client.callTool({ name: 'power_off', arguments: { name: 'web-01' } }),
      );
      await mcp.client.callTool(
        { ...powerOff, arguments: { ...powerOff.arguments, consent: shown['consent'] } },
        { onprogress: ({ progress }) => steps.push(progress) },
      );
      expect(steps.length).toBeGreaterThan(0);
    });
  });
