import { expect, test } from 'vitest';
import { channelSettingsSchema, desktopSettingsSchema } from '#shared/contract/channel-settings.ts';
import { fingerprint, goTime, webhookMessage } from '../../../main/engine/channels/alert-json.ts';
import { backoff } from '../../../main/engine/channels/backoff.ts';
import { planSound } from '../../../main/engine/channels/senders/desktop.ts';
import { mailOf, messageIdOf } from '../../../main/engine/channels/senders/mail-text.ts';
import {
  DATAGRAM_BYTES,
  framed,
  syslogMessages,
} from '../../../main/engine/channels/senders/syslog-message.ts';
import { aNotice, aProblem, NOON } from '../../helpers/notices.ts';

const NOWHERE = { externalUrl: '' };

test('times are written as Go writes them', () => {
  expect(goTime(Date.UTC(2026, 0, 2, 3, 4, 5, 0))).toBe('2026-01-02T03:04:05Z');
  expect(goTime(Date.UTC(2026, 0, 2, 3, 4, 0, 120))).toBe('2026-01-02T03:04:00.12Z');
  expect(goTime(Date.UTC(2026, 0, 2, 3, 4, 5, 7))).toBe('2026-01-02T03:04:05.007Z');
});

test('fingerprints are those of Prometheus', () => {
  // The offset of 64-bit FNV-1a is the fingerprint of no labels; the others are checked against a real Alertmanager.
  expect(fingerprint({})).toBe('cbf29ce484222325');
  expect(fingerprint({ b: '2', a: '1' })).toBe(fingerprint({ a: '1', b: '2', c: '' }));
  expect(fingerprint({ a: '1' })).not.toBe(fingerprint({ a: '2' }));
});

test('a webhook says firing as long as one alert fires, and counts what it leaves out', () => {
  const ended = aProblem({
    id: 'b',
    until: NOON,
    labels: { alertname: 'HostDown', host: 'b', severity: 'critical' },
  });
  const notice = aNotice({
    alerts: [aProblem(), ended],
    counts: { firing: 300, resolved: 1, suppressed: 0 },
  });
  const message = webhookMessage(notice, { maxAlerts: 0, language: 'zh' }, NOWHERE);
  expect(message).toMatchObject({
    status: 'firing',
    version: '4',
    truncatedAlerts: 299,
    commonLabels: { alertname: 'HostDown', severity: 'critical' },
    alerts: [
      { status: 'firing', endsAt: '0001-01-01T00:00:00Z', annotations: { summary: '主机 app-2 停止应答' } },
      { status: 'resolved', endsAt: goTime(NOON) },
    ],
  });
  expect(Object.keys(message)).toEqual([
    ...['receiver', 'status', 'alerts', 'groupLabels', 'commonLabels', 'commonAnnotations'],
    ...['externalURL', 'version', 'groupKey', 'truncatedAlerts'],
  ]);
  const short = webhookMessage(notice, { maxAlerts: 1, language: 'both' }, NOWHERE);
  expect(short.alerts).toHaveLength(1);
  expect(short.truncatedAlerts).toBe(300);
  expect(short.commonAnnotations.summary).toBe('主机 app-2 停止应答 / host app-2 does not answer');
});

test('a syslog message has the form of RFC 5424, on one line, and is cut at a character', () => {
  const origin = { hostName: 'console 1', pid: 42 };
  const nasty = aProblem({
    labels: { alertname: 'A"]\\b', severity: 'critical', host: 'x' },
    sentence: { zh: '第一行\n第二行', en: 'x' },
  });
  const [message = Buffer.alloc(0)] = syslogMessages(
    aNotice({ alerts: [nasty] }),
    { facility: 'local3', language: 'zh' },
    origin,
    8_192,
  );
  expect(message.toString('utf8')).toBe(
    '<154>1 2026-11-22T12:00:00.000Z console1 hmtt-console 42 firing ' +
      '[hmtt@32473 alertname="A\\"\\]\\\\b" severity="critical" status="firing" host="x" since="2026-11-22T11:59:00.000Z" notice="n1"] ' +
      '\ufeff第一行 第二行',
  );
  const long = aProblem({ sentence: { zh: '长'.repeat(5_000), en: 'x' } });
  const [cut = Buffer.alloc(0)] = syslogMessages(
    aNotice({ alerts: [long] }),
    { facility: 'user', language: 'zh' },
    origin,
    DATAGRAM_BYTES,
  );
  expect(cut.length).toBeLessThanOrEqual(DATAGRAM_BYTES);
  expect(cut.toString('utf8')).not.toContain('\ufffd');
  expect(framed(Buffer.from('ab')).toString()).toBe('2 ab');
});

test('a mail says it in both languages, answers the first of its thread, and its HTML is only text', () => {
  const site = { name: '一号站', classification: '内部', hostName: 'ops-1' };
  const notice = aNotice({
    id: 'n2',
    alerts: [aProblem({ sentence: { zh: '<b>坏', en: '<script>x</script>' } })],
  });
  const copy = { channel: 'c', notice, to: 'a@site.test', thread: 'n1' };
  const mail = mailOf(copy, 'hmtt@site.test', 'both', site, 'Asia/Shanghai');
  expect(mail.subject).toBe('[内部] [一号站] 主机 app-2 停止应答 / host app-2 does not answer');
  expect(mail.inReplyTo).toBe(messageIdOf('n1', 'a@site.test', 'hmtt@site.test'));
  expect(mail.messageId).toMatch(/^<[0-9a-f]{32}@site\.test>$/);
  expect(mail.html).toContain('&lt;script&gt;');
  expect(mail.html).not.toContain('<script>');
  expect(mail.text).toContain('[严重] <b>坏');
  expect(mail.text).toContain('2026-11-22 19:59:00 GMT+8');
  expect(mail.urgent).toBe(true);
  expect(mailOf({ ...copy, thread: 'n2' }, 'hmtt@site.test', 'zh', site).inReplyTo).toBeNull();
  const many = aNotice({ alerts: Array.from({ length: 60 }, (_, i) => aProblem({ id: `p${i}` })) });
  expect(mailOf({ ...copy, notice: many }, 'hmtt@site.test', 'en', site).text).toContain('… and 10 more');
});

test('quiet hours silence everything but what is critical, across midnight, unless told otherwise', () => {
  const settings = desktopSettingsSchema.parse({
    type: 'desktop',
    quietHours: { from: '22:00', to: '06:00' },
  });
  const critical = aNotice();
  const warning = aNotice({ alerts: [aProblem({ severity: 'warning' })] });
  const over = aNotice({ alerts: [aProblem({ until: NOON })] });
  const night = 23 * 60;
  expect(planSound(critical, settings, night)).toEqual({ sound: 'critical', quiet: false });
  expect(planSound(warning, settings, night)).toEqual({ sound: 'none', quiet: true });
  expect(planSound(warning, settings, 5 * 60 + 59)).toEqual({ sound: 'none', quiet: true });
  expect(planSound(warning, settings, 6 * 60)).toEqual({ sound: 'warning', quiet: false });
  expect(planSound(over, settings, 12 * 60)).toEqual({ sound: 'none', quiet: false });
  const all = desktopSettingsSchema.parse({
    type: 'desktop',
    quietHours: { from: '22:00', to: '06:00', silenceCritical: true },
  });
  expect(planSound(critical, all, night).sound).toBe('none');
});

test('pauses double up to five minutes and are spread over their second half', () => {
  expect([1, 2, 3, 9, 10, 50].map((failures) => backoff(failures, 0.999999) / 1000)).toEqual(
    [1, 2, 4, 256, 300, 300].map((seconds) => expect.closeTo(seconds, 1)),
  );
  expect(backoff(3, 0)).toBe(2_000);
});

test('settings whose secret is unclear, or that could be read as something else, are refused', () => {
  const refused = [
    { type: 'smtp', host: 'relay', from: 'a@b', login: { username: 'u' } },
    { type: 'smtp', host: 'relay', from: 'a@b', login: { username: 'u', password: 'x', passwordFile: '/y' } },
    { type: 'smtp', host: 'relay', from: 'a@b\r\nBcc: c@d' },
    { type: 'smtp', host: 'relay', from: 'A <a@b>' },
    { type: 'webhook', url: 'http://user:password@host/' },
    { type: 'webhook', url: 'file:///etc/passwd' },
    { type: 'webhook', url: 'http://h/', headers: { authorization: 'Bearer x' } },
    { type: 'webhook', url: 'http://h/', headers: { 'x-a': 'b\r\nc: d' } },
    { type: 'command', argv: [''] },
    { type: 'syslog', host: 'h', facility: 'nonsense' },
  ];
  for (const settings of refused)
    expect(channelSettingsSchema.safeParse(settings).success, JSON.stringify(settings)).toBe(false);
});
