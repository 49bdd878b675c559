import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Peer, startPeer } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';
import { peer, run } from './peers.ts';

describe("a log written by Debian's rsyslog", () => {
  let folder: ReturnType<typeof tempFolder>;
  let area: TestArea;
  let daemon: Peer;
  let port = 0;
  const file = (name: string): string => join(folder.dir, name);
  const log = (priority: string, message: string): void => {
    run(peer('logger', 'bsdutils'), [
      '--rfc3164',
      '-T',
      '-n',
      '127.0.0.1',
      '-P',
      String(port),
      '-t',
      'hmtt',
      '-p',
      priority,
      message,
    ]);
  };

  beforeEach(async () => {
    folder = tempFolder();
    port = await freePort();
    writeFileSync(
      file('rsyslog.conf'),
      [
        `global(workDirectory="${folder.dir}")`,
        'module(load="imtcp")',
        `input(type="imtcp" address="127.0.0.1" port="${port}")`,
        `action(type="omfile" file="${file('modern.log')}" template="RSYSLOG_FileFormat")`,
        `action(type="omfile" file="${file('traditional.log')}" template="RSYSLOG_TraditionalFileFormat")`,
        `action(type="omfile" file="${file('protocol.log')}" template="RSYSLOG_SyslogProtocol23Format")`,
        '',
      ].join('\n'),
    );
    daemon = await startPeer(
      peer('rsyslogd', 'rsyslog'),
      ['-n', '-f', file('rsyslog.conf'), '-i', file('rsyslog.pid')],
      'rsyslog',
    );
    area = openArea(folder.dir);
    await until('rsyslogd takes messages', () => {
      try {
        log('user.info', 'first line');
        return existsSync(file('modern.log'));
      } catch {
        // Not listening yet.
        return false;
      }
    });
  });
  afterEach(async () => {
    await daemon.stop();
    await area.close();
    folder.remove();
  });

  it('is read with time, level, host and program, in all three of its formats, over a rotation', async () => {
    for (const name of ['modern', 'traditional', 'protocol'])
      await area.call('logs.sources.add', { path: file(`${name}.log`), name });
    log('user.err', '数据库连接失败 connection refused');
    log('daemon.warning', 'disk nearly full');
    const count = async (query: string): Promise<number> => (await area.call('logs.count', { query })).total;
    await until('all three files hold the lines', async () => (await count('disk nearly full')) === 3);
    const found = await area.call('logs.search', { query: 'source:protocol 连接失败' });
    expect(found.total).toBe(1);
    expect(found.events[0]).toMatchObject({ level: 'error', fields: { program: 'hmtt' } });
    expect(Math.abs((found.events[0]?.time ?? 0) - Date.now())).toBeLessThan(60_000);
    const traditional = await area.call('logs.search', { query: 'source:traditional refused' });
    expect(Math.abs((traditional.events[0]?.time ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(traditional.events[0]?.fields.program).toBe('hmtt');
    await until('all three are known to be syslog', async () => {
      const { sources } = await area.call('logs.sources.list', {});
      return sources.every((source) => source.detectedFormat === 'syslog');
    });

    renameSync(file('modern.log'), file('modern.log.1'));
    log('user.info', 'still into the old file');
    process.kill(daemon.pid, 'SIGHUP');
    await until('rsyslogd has reopened its file', () => {
      log('user.info', 'knock');
      return existsSync(file('modern.log'));
    });
    log('user.notice', 'into the new file');
    await until('the new file is read', async () => (await count('source:modern "into the new file"')) === 1);
    expect(await count('source:modern "still into the old file"')).toBe(1);
    expect(await count('source:modern knock')).toBe(await count('source:protocol knock'));
  });
});
