import type { YamlEntry, YamlView } from '../rules/yaml-view.ts';
import type { ConfigReader, Fields } from './reader.ts';

/** A receiver as it stands in the file. */
export type ReadReceiver = {
  readonly name: string;
  readonly line: number;
  readonly sendResolved: boolean;
  readonly channels: readonly ReadChannel[];
  /** It names something that has no counterpart here. */
  readonly hasMore: boolean;
};

/** A channel that a receiver needs. */
export type ReadChannel = {
  readonly receiver: string;
  readonly kind: string;
  readonly line: number;
  readonly name: string;
  readonly fields: Record<string, string>;
};

/** Ways of Alertmanager that need a service outside of the site. */
const OUTSIDE = [
  'discord_configs',
  'jira_configs',
  'msteams_configs',
  'opsgenie_configs',
  'pagerduty_configs',
  'pushover_configs',
  'rocketchat_configs',
  'slack_configs',
  'sns_configs',
  'telegram_configs',
  'victorops_configs',
  'webex_configs',
  'wechat_configs',
];
const WEBHOOK = ['send_resolved', 'http_config', 'url', 'url_file', 'max_alerts'];
const EMAIL = [
  'send_resolved',
  'to',
  'from',
  'hello',
  'smarthost',
  'auth_username',
  'auth_password',
  'auth_password_file',
  'auth_secret',
  'auth_identity',
  'headers',
  'html',
  'text',
  'require_tls',
  'tls_config',
];

/** Reads `receivers`; `global` has what e-mails share. */
export function readReceivers(
  reader: ConfigReader,
  entry: YamlEntry | undefined,
  global: Fields,
): readonly ReadReceiver[] {
  const seen = new Set<string>();
  return reader.items(entry).map((view) => {
    const fields = reader.fields(view, ['name', 'webhook_configs', 'email_configs', ...OUTSIDE], 'receiver');
    const name = reader.text(fields.get('name')?.value, 'name');
    if (name === '')
      reader.wrong(view.line, 'name', { zh: '接收方没有名称', en: 'missing name in receiver' });
    if (seen.has(name))
      reader.wrong(view.line, 'name', {
        zh: `接收方“${name}”重名`,
        en: `notification config name "${name}" is not unique`,
      });
    seen.add(name);
    const webhooks = reader
      .items(fields.get('webhook_configs'))
      .map((each, index) => readWebhook(reader, each, name, index + 1));
    const mails = reader
      .items(fields.get('email_configs'))
      .map((each, index) => readMail(reader, each, name, index + 1, global));
    const outside = OUTSIDE.filter((kind) => reader.items(fields.get(kind)).length > 0);
    for (const kind of outside)
      reader.leave(fields.get(kind)?.line ?? view.line, kind, {
        zh: `接收方“${name}”的 ${kind} 需要站外服务，未导入；请在渠道中另选`,
        en: `${kind} of receiver "${name}" needs a service outside of the site and is left out; choose a channel for it`,
      });
    const ways = [...webhooks, ...mails];
    const resolved = ways.map(({ sendResolved }) => sendResolved);
    if (new Set(resolved).size > 1)
      reader.leave(view.line, 'send_resolved', {
        zh: `接收方“${name}”的 send_resolved 不一致，一律发送恢复通知`,
        en: `send_resolved differs inside of receiver "${name}"; all of it is told of ends`,
      });
    return {
      name,
      line: view.line,
      sendResolved: resolved.length === 0 || resolved.includes(true),
      channels: ways.map(({ channel }) => channel),
      hasMore: outside.length > 0,
    };
  });
}

type Way = { readonly channel: ReadChannel; readonly sendResolved: boolean };

function readWebhook(reader: ConfigReader, view: YamlView, receiver: string, nth: number): Way {
  const fields = reader.fields(view, WEBHOOK, 'webhook_config');
  const url = reader.text(fields.get('url')?.value, 'url');
  if (url === '' && !fields.has('url_file'))
    reader.wrong(view.line, 'url', { zh: 'webhook 没有 url', en: 'missing URL in webhook config' });
  else if (url !== '' && !isHttp(url))
    reader.wrong(fields.get('url')?.line ?? view.line, 'url', {
      zh: `webhook 的地址有误：${url}`,
      en: `unsupported scheme for URL: ${url}`,
    });
  for (const field of ['http_config', 'url_file'])
    if (fields.has(field))
      reader.leave(fields.get(field)?.line ?? view.line, field, {
        zh: `${field} 未导入；请在渠道中填写登录或证书`,
        en: `${field} is left out; give logins and certificates in the channel`,
      });
  return {
    sendResolved: reader.flag(fields.get('send_resolved'), true),
    channel: {
      receiver,
      kind: 'webhook',
      line: view.line,
      name: `${receiver} webhook ${nth}`,
      fields: { url, maxAlerts: reader.text(fields.get('max_alerts')?.value, 'max_alerts') || '0' },
    },
  };
}

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

function readMail(reader: ConfigReader, view: YamlView, receiver: string, nth: number, global: Fields): Way {
  const fields = reader.fields(view, EMAIL, 'email_config');
  const own = (name: string, shared: string): string =>
    reader.text((fields.get(name) ?? global.get(shared))?.value, name);
  const to = own('to', '');
  const from = own('from', 'smtp_from');
  const smarthost = own('smarthost', 'smtp_smarthost');
  if (to === '')
    reader.wrong(view.line, 'to', { zh: '邮件没有收件人', en: 'missing to address in email config' });
  if (smarthost === '')
    reader.wrong(view.line, 'smarthost', { zh: '没有全局 SMTP 服务器', en: 'no global SMTP smarthost set' });
  if (from === '') reader.wrong(view.line, 'from', { zh: '没有全局发件人', en: 'no global SMTP from set' });
  if (own('auth_username', 'smtp_auth_username') !== '')
    reader.leave(fields.get('auth_username')?.line ?? view.line, 'auth_username', {
      zh: 'SMTP 登录未导入；请在渠道中填写用户名与密码文件',
      en: 'the SMTP login is left out; give user name and password file in the channel',
    });
  for (const field of ['headers', 'html', 'text', 'tls_config', 'hello'])
    if (fields.has(field))
      reader.leave(fields.get(field)?.line ?? view.line, field, {
        zh: `${field} 未导入：邮件内容由控制台书写`,
        en: `${field} is left out: the console writes its mails itself`,
      });
  const shared = reader.flag(global.get('smtp_require_tls'), true);
  const isSafe = reader.flag(fields.get('require_tls'), shared);
  return {
    sendResolved: reader.flag(fields.get('send_resolved'), false),
    channel: {
      receiver,
      kind: 'email',
      line: view.line,
      name: `${receiver} mail ${nth}`,
      fields: { to, from, smarthost, security: isSafe ? 'starttls' : 'none' },
    },
  };
}
