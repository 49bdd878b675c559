import { expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { startSmtpServer } from '../../helpers/smtp-server.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('channels are listed and tested from the command line, with the answer of the other side', async () => {
  const folder = temporaryFolder('channels-cli');
  const smtp = await startSmtpServer(temporaryFolder('smtp'));
  const engine = await startHeadlessEngine(folder);
  try {
    const mail = {
      type: 'smtp',
      host: '127.0.0.1',
      port: smtp.port,
      security: 'none',
      from: 'hmtt@site.test',
    } as const;
    await engine.call('channels.add', { name: 'mail', settings: { ...mail, to: ['duty@site.test'] } });
    const listed = await hmtt(folder, 'channels', 'list');
    expect(listed.stdout).toMatch(/^idle +mail +smtp +0 +0 +-/m);
    const sent = await hmtt(folder, 'channels', 'test', 'mail');
    expect(sent).toMatchObject({ code: 0 });
    expect(sent.stdout).toMatch(/^delivered \(\d+ ms\) 250 2\.0\.0 queued as 1$/m);
    expect(smtp.received()[0]?.to).toBe('duty@site.test');
    const refused = await hmtt(folder, 'channels', 'test', 'mail', '--to', 'refused@site.test');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('550 5.1.1 no such mailbox here');
    expect(refused.stderr).toContain('error[CHANNEL_REFUSED]');
    expect((await hmtt(folder, 'channels', 'test', 'none')).code).toBe(1);
    expect((await hmtt(folder, 'channels', 'queue', '--json')).stdout).toContain('"total":0');
    const { id } = await engine.call('contacts.add', { name: '李', phone: '139' });
    const shift = {
      name: '全天',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      from: '08:00',
      to: '08:00',
      teams: [[id]],
    };
    const shifts = [{ ...shift, turnStart: '2026-11-22' }];
    await engine.call('shifts.add', { name: '值班', timeZone: 'Asia/Shanghai', shifts });
    expect((await hmtt(folder, 'on-call')).stdout).toMatch(/值班 +李 139/);
  } finally {
    await engine.stop();
    await smtp.stop();
  }
});
