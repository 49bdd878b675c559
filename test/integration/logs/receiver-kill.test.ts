import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openArea } from './helpers.ts';

const entry = fileURLToPath(new URL('./receiving-child.ts', import.meta.url));
const KILLS = Number(process.env.HMTT_RECEIVER_KILLS ?? '2');

/** A receiving engine in a process of its own, and the port it listens on. */
async function startReceiver(dir: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(entry, [dir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port: message.port };
}

/** The numbers of all messages that are on the disk. */
function spooled(dir: string): readonly string[] {
  const folder = join(dir, 'logs', 'received');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .flatMap((line) => /n\d{6}(?= end$)/.exec(line) ?? []);
}

it('what a receiver has written is stored, and once, whenever it is killed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-receive-'));
  try {
    let next = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const { child, port } = await startReceiver(dir);
      let counted = 0;
      child.on('message', (message: { readonly written?: number }) => {
        counted = message.written ?? counted;
      });
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      const before = spooled(dir).length;
      const wanted = 200 + Math.floor(Math.random() * 400);
      for (let sent = 0; counted < wanted; sent += 1) {
        let text = '';
        // A sender that is never waited for, so that the kill comes while messages do.
        for (let n = 0; n < 50; n += 1, next += 1)
          text += `<14>Nov 22 10:00:00 web-1 app: number n${String(next).padStart(6, '0')} end\n`;
        socket.write(text);
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (sent > 5000) throw new Error('the receiver counts nothing');
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      socket.destroy();
      expect(spooled(dir).length - before).toBeGreaterThanOrEqual(counted);
    }
    const written = spooled(dir);
    expect(new Set(written).size).toBe(written.length);
    const area = openArea(dir, false);
    await area.call('logs.sync', {});
    const stored: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await area.call('logs.search', {
        limit: 10_000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      stored.push(...page.events.flatMap(({ raw }) => /n\d{6}(?= end$)/.exec(raw) ?? []));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    await area.close();
    expect(stored.toSorted()).toEqual(written.toSorted());
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
