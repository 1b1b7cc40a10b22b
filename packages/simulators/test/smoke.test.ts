import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { simulate } from '../src/index.js';

test('smoke', async () => {
  for (const dialect of ['vcenter', 'go'] as const) {
    await using s = await simulate({ dialect });
    writeFileSync('/tmp/simca.pem', s.ca);
    const u = new URL(s.url + '/sdk');
    u.username = s.credentials.username;
    u.password = s.credentials.password;
    const p = spawn(
      '/work/main/packages/simulators/vcsim/bin/conformance',
      ['-ca', '/tmp/simca.pem', u.href],
      { stdio: 'inherit' },
    );
    await new Promise((r) => p.on('exit', r));
  }
}, 60000);
