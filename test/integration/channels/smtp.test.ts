import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../helpers/certificates.ts';
import { type ChannelsBench, channelsBench, until } from '../../helpers/channels-area.ts';
import { aNotice, aProblem } from '../../helpers/notices.ts';
import { freePort } from '../../helpers/ports.ts';
import { type SmtpServer, startSmtpServer } from '../../helpers/smtp-server.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function server(...args: Parameters<typeof startSmtpServer>): Promise<SmtpServer> {
  const made = await startSmtpServer(...args);
  open.push(made.stop);
  return made;
}

function bench(folder: string): ChannelsBench {
  const made = channelsBench(folder);
  open.push(made.close);
  return made;
}

const plain = (port: number) =>
  ({
    type: 'smtp',
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'hmtt@site.test',
    to: ['duty@site.test'] as string[],
  }) as const;

test('the beginning and the end of a trouble arrive as one thread, in both languages', async () => {
  const folder = temporaryFolder('smtp');
  const smtp = await server(folder);
  const { area, call, said } = bench(folder);
  const { id } = await call('channels.add', { name: 'mail', settings: plain(smtp.port) });
  const ended = aProblem({ until: Date.now() });
  expect(area.enqueue(aNotice({ id: 'n1' }), [{ channel: id, to: null }]).ok).toBe(true);
  expect(area.enqueue(aNotice({ id: 'n2', alerts: [ended] }), [{ channel: id, to: null }]).ok).toBe(true);
  await until(() => smtp.received().length === 2, 'two mails');
  const [first, second] = smtp.received();
  expect(first?.to).toBe('duty@site.test');
  expect(first?.header('In-Reply-To')).toBe('');
  expect(first?.header('Auto-Submitted')).toBe('auto-generated');
  expect(first?.header('Content-Type')).toContain('multipart/alternative');
  expect(second?.header('In-Reply-To')).toBe(first?.header('Message-ID'));
  expect(second?.header('References')).toBe(first?.header('Message-ID'));
  const subject = first?.header('Subject') ?? '';
  const decoded = subject.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=\s*/gi, (_, kind: string, text: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64').toString('utf8')
      : Buffer.from(
          text
            .replace(/_/g, ' ')
            .replace(/=([0-9A-F]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString('utf8'),
  );
  expect(decoded).toBe('[内部] [一号站] 主机 app-2 停止应答 / host app-2 does not answer');
  await until(() => said.length === 2, 'both said');
  expect(said.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
});

test('a mailbox that does not exist fails for good, one that is busy is tried again, and others get theirs', async () => {
  const folder = temporaryFolder('smtp');
  const smtp = await server(folder);
  const { area, call, said } = bench(folder);
  const settings = { ...plain(smtp.port), to: ['refused@site.test', 'later@site.test', 'duty@site.test'] };
  const { id } = await call('channels.add', { name: 'mail', settings });
  area.enqueue(aNotice(), [{ channel: id, to: null }]);
  await until(() => smtp.received().length === 1 && said.length >= 3, 'three answers');
  const states = new Map(
    said.map(({ recipient, state, error }) => [recipient.to, `${state} ${error?.code ?? ''}`]),
  );
  expect(states.get('refused@site.test')).toBe('failed CHANNEL_REFUSED');
  expect(states.get('later@site.test')).toBe('retrying CHANNEL_NOT_NOW');
  expect(states.get('duty@site.test')).toBe('delivered ');
  const health = (await call('channels.health', {})).channels.find(({ channel }) => channel === id);
  expect(health).toMatchObject({ state: 'ok', failed: 1, queued: 1 });
  const test = await call('channels.test', { settings, to: 'refused@site.test' });
  expect(test).toMatchObject({ ok: false, answer: '550 5.1.1 no such mailbox here' });
  expect(await call('channels.test', { settings, to: 'duty@site.test' })).toMatchObject({
    ok: true,
    answer: '250 2.0.0 queued as 2',
  });
});

test('STARTTLS with a login: right, wrong password, wrong authority, and never without TLS', async () => {
  const folder = temporaryFolder('smtp');
  const certs = makeCertificates(folder);
  const smtp = await server(folder, { cert: certs, login: { user: 'hmtt', password: 'geheim' } });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'geheim\n', { mode: 0o600 });
  const { call } = bench(folder);
  const settings = {
    ...plain(smtp.port),
    security: 'starttls',
    login: { username: 'hmtt', passwordFile },
    tls: { caFile: certs.caFile },
  } as const;
  const sent = await call('channels.test', { settings });
  expect(sent).toMatchObject({ ok: true, error: null });
  expect(smtp.received()[0]?.tls).toBe(true);
  writeFileSync(passwordFile, 'falsch\n');
  expect((await call('channels.test', { settings })).error?.code).toBe('CHANNEL_LOGIN_REFUSED');
  const elsewhere = { ...settings, tls: { caFile: certs.otherCaFile } };
  expect((await call('channels.test', { settings: elsewhere })).error?.code).toBe('CHANNEL_TLS');
  const missing = { ...settings, login: { username: 'hmtt', passwordFile: join(folder, 'none') } };
  expect((await call('channels.test', { settings: missing })).error?.code).toBe('SCRAPE_SECRET_UNREADABLE');
  // A server without STARTTLS: nothing is sent in the clear.
  const clear = await server(temporaryFolder('smtp'));
  const refused = await call('channels.test', { settings: { ...settings, port: clear.port } });
  expect(refused.error?.code).toBe('CHANNEL_TLS');
  expect(clear.received()).toEqual([]);
  const open = { ...settings, host: 'relay.site.test', security: 'none' } as const;
  await expect(call('channels.test', { settings: open })).rejects.toThrow('CHANNEL_LOGIN_UNENCRYPTED');
});

test('TLS from the first byte', async () => {
  const folder = temporaryFolder('smtp');
  const certs = makeCertificates(folder);
  const smtp = await server(folder, { cert: certs, implicitTls: true });
  const { call } = bench(folder);
  const settings = { ...plain(smtp.port), security: 'tls', tls: { caFile: certs.caFile } } as const;
  expect(await call('channels.test', { settings })).toMatchObject({ ok: true, error: null });
  expect(smtp.received()[0]?.tls).toBe(true);
});

test('a relay that is away gets everything when it is back', async () => {
  const folder = temporaryFolder('smtp');
  const port = await freePort();
  const { area, call } = bench(folder);
  const { id } = await call('channels.add', { name: 'mail', settings: plain(port) });
  for (let i = 0; i < 5; i++)
    area.enqueue(aNotice({ id: `n${i}`, groupKey: `g${i}` }), [{ channel: id, to: null }]);
  const healthy = async (): Promise<string> =>
    (await call('channels.health', {})).channels.find(({ channel }) => channel === id)?.state ?? '';
  await until(async () => (await healthy()) === 'failing', 'failing');
  const smtp = await server(folder, { port });
  await until(() => smtp.received().length === 5, 'five mails');
  await until(async () => (await healthy()) === 'ok', 'ok again');
});
