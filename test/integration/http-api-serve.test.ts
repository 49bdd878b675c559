import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

describe('hmtt serve --listen', () => {
  test('wrong addresses and tokens end it with code 2', async () => {
    const dir = temporaryFolder('serve');
    const short = join(dir, 'short');
    writeFileSync(short, 'secret\n');
    for (const [args, code] of [
      [['--listen', '127.0.0.1'], 'BAD_INPUT'],
      [['--listen', '127.0.0.1:x'], 'BAD_INPUT'],
      [['--listen', '0.0.0.0:0'], 'API_TOKEN_NEEDED'],
      [['--listen', '0.0.0.0:0', '--token-file', short], 'API_TOKEN_BAD'],
      [['--token-file', short], 'BAD_INPUT'],
    ] as const) {
      const run = await hmtt(join(dir, 'data'), 'serve', ...args);
      expect(run.stderr).toContain(`error[${code}]: `);
      expect(run).toMatchObject({ code: 2, stdout: '' });
    }
  });

  test('a port in use ends it with code 1, and the folder is free again', async () => {
    const dir = temporaryFolder('serve');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const run = await hmtt(dir, 'serve', '--listen', `127.0.0.1:${port}`);
    taken.close();
    expect(run.stderr).toContain(`error[API_PORT_IN_USE]: Port ${port} of 127.0.0.1 is in use`);
    expect(run.code).toBe(1);
    const engine = await startHeadlessEngine(dir);
    expect(engine.api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await engine.stop()).toBe(0);
  });

  test('a token allows any address, and is asked for', async () => {
    const dir = temporaryFolder('serve');
    const file = join(dir, 'token');
    const token = 'a-token-of-enough-length';
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    const listen = ['--listen', '0.0.0.0:0', '--token-file', file];
    const engine = await startHeadlessEngine(join(dir, 'data'), listen);
    const url = `${engine.api.replace('0.0.0.0', '127.0.0.1')}/api/v1/query?query=1`;
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(await engine.call('api.state', {})).toMatchObject({ isFixed: true, url: engine.api });
    expect(await engine.stop()).toBe(0);
  });

  test('the settings decide without --listen, and switch it while it runs', async () => {
    const dir = temporaryFolder('serve');
    const engine = await startHeadlessEngine(dir, []);
    expect(engine.api).toBeUndefined();
    const on = await engine.call('api.set', { enabled: true, address: '127.0.0.1', port: 0 });
    expect((await fetch(`${on.url}/-/ready`)).status).toBe(200);
    expect(await engine.stop()).toBe(0);
    const again = await startHeadlessEngine(dir, []);
    expect((await fetch(`${again.api}/-/ready`)).status).toBe(200);
    expect(await again.stop()).toBe(0);
  });
});
