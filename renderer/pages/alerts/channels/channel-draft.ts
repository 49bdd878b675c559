import type { ChannelSettings, ChannelType } from '#shared/contract/channel-settings.ts';
import type { RequestInput } from '#shared/contract/index.ts';

/** A channel as its form has it: texts as typed, choices as their values, switches. */
export type ChannelDraft = Readonly<Record<FieldName, string>> & { readonly type: ChannelType };

/** Every field that some type has. */
export type FieldName =
  | 'host'
  | 'port'
  | 'security'
  | 'username'
  | 'secret'
  | 'secretFile'
  | 'login'
  | 'caFile'
  | 'from'
  | 'to'
  | 'language'
  | 'timeout'
  | 'url'
  | 'headers'
  | 'maxAlerts'
  | 'labels'
  | 'resend'
  | 'transport'
  | 'facility'
  | 'argv'
  | 'cwd'
  | 'critical'
  | 'warning'
  | 'info'
  | 'volume'
  | 'quietFrom'
  | 'quietTo'
  | 'quietAll';

const EMPTY: Readonly<Record<FieldName, string>> = {
  host: '',
  port: '',
  security: 'starttls',
  username: '',
  secret: '',
  secretFile: '',
  login: 'none',
  caFile: '',
  from: '',
  to: '',
  language: 'zh',
  timeout: '30',
  url: '',
  headers: '',
  maxAlerts: '0',
  labels: '',
  resend: '60',
  transport: 'tcp',
  facility: 'local0',
  argv: '',
  cwd: '',
  critical: 'critical',
  warning: 'warning',
  info: 'none',
  volume: '1',
  quietFrom: '',
  quietTo: '',
  quietAll: '',
};

/** An empty form of a type. */
export function newDraft(type: ChannelType): ChannelDraft {
  const own = { smtp: { port: '25', language: 'both' }, syslog: { port: '514', timeout: '10' } };
  return { ...EMPTY, ...(type === 'smtp' || type === 'syslog' ? own[type] : {}), type };
}

/** The form of settings that exist. */
export function draftOf(settings: ChannelSettings): ChannelDraft {
  const base = newDraft(settings.type);
  const tls = 'tls' in settings ? { caFile: settings.tls?.caFile ?? '' } : {};
  const timeout = 'timeoutMs' in settings ? { timeout: String(settings.timeoutMs / 1000) } : {};
  const language = 'language' in settings ? { language: settings.language } : {};
  const common = { ...base, ...tls, ...timeout, ...language };
  switch (settings.type) {
    case 'desktop':
      return {
        ...common,
        ...settings.sounds,
        volume: String(settings.volume),
        quietFrom: settings.quietHours?.from ?? '',
        quietTo: settings.quietHours?.to ?? '',
        quietAll: settings.quietHours?.silenceCritical ? 'yes' : '',
      };
    case 'smtp':
      return {
        ...common,
        ...{ host: settings.host, port: String(settings.port), security: settings.security },
        ...{ from: settings.from, to: settings.to.join('\n') },
        ...loginDraft(settings.login, {}),
      };
    case 'webhook':
      return {
        ...common,
        url: settings.url,
        headers: pairs(settings.headers, ': '),
        maxAlerts: String(settings.maxAlerts),
        ...loginDraft(settings.basicAuth, settings),
      };
    case 'alertmanager':
      return {
        ...common,
        url: settings.url,
        labels: pairs(settings.labels, '='),
        resend: String(settings.resendMs / 1000),
        ...loginDraft(settings.basicAuth, settings),
      };
    case 'syslog':
      return {
        ...common,
        ...{ host: settings.host, port: String(settings.port) },
        ...{ transport: settings.transport, facility: settings.facility },
      };
    case 'command':
      return { ...common, argv: settings.argv.join('\n'), cwd: settings.cwd ?? '' };
  }
}

type Login = {
  readonly username: string;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
};
type Token = {
  readonly bearerToken?: string | undefined;
  readonly bearerTokenFile?: string | undefined;
};

function loginDraft(
  basic: Login | undefined,
  { bearerToken: secret = '', bearerTokenFile: secretFile = '' }: Token,
): Partial<ChannelDraft> {
  if (basic !== undefined)
    return {
      ...{ login: 'basic', username: basic.username },
      ...{ secret: basic.password ?? '', secretFile: basic.passwordFile ?? '' },
    };
  return secret === '' && secretFile === '' ? {} : { login: 'bearer', secret, secretFile };
}

function pairs(record: Readonly<Record<string, string>>, between: string): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}${between}${value}`)
    .join('\n');
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function recordOf(text: string, between: RegExp): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.search(between);
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** What the engine takes; it says itself which field is wrong. */
export function settingsOf(draft: ChannelDraft): RequestInput<'channels.test'>['settings'] {
  const { secret, secretFile } = draft;
  const basic = {
    username: draft.username,
    ...(secret === '' ? { passwordFile: secretFile } : { password: secret }),
  };
  const bearer = secret === '' ? { bearerTokenFile: secretFile } : { bearerToken: secret };
  const isTls = draft.caFile !== '';
  const tls = isTls ? { tls: { caFile: draft.caFile } } : {};
  const timeoutMs = Math.round(Number(draft.timeout) * 1000);
  // Selects offer the contract's values only.
  const language = draft.language as 'zh' | 'en' | 'both';
  const web = {
    url: draft.url.trim(),
    ...(draft.login === 'basic' ? { basicAuth: basic } : {}),
    ...(draft.login === 'bearer' ? bearer : {}),
    ...tls,
    ...{ language, timeoutMs },
  };
  switch (draft.type) {
    case 'desktop':
      return {
        type: 'desktop',
        sounds: {
          critical: soundOf(draft.critical),
          warning: soundOf(draft.warning),
          info: soundOf(draft.info),
        },
        volume: Number(draft.volume),
        quietHours:
          draft.quietFrom === '' || draft.quietTo === ''
            ? null
            : { from: draft.quietFrom, to: draft.quietTo, silenceCritical: draft.quietAll === 'yes' },
      };
    case 'smtp':
      return {
        type: 'smtp',
        ...{ host: draft.host.trim(), port: Number(draft.port) },
        security: draft.security as 'none' | 'starttls' | 'tls',
        ...(draft.login === 'basic' ? { login: basic } : {}),
        ...tls,
        ...{ from: draft.from.trim(), to: linesOf(draft.to), language, timeoutMs },
      };
    case 'webhook':
      return {
        type: 'webhook',
        ...web,
        headers: recordOf(draft.headers, /:/),
        maxAlerts: Number(draft.maxAlerts),
      };
    case 'alertmanager':
      return {
        type: 'alertmanager',
        ...web,
        labels: recordOf(draft.labels, /=/),
        resendMs: Math.round(Number(draft.resend) * 1000),
      };
    case 'syslog':
      return {
        type: 'syslog',
        transport: draft.transport as 'udp' | 'tcp' | 'tls',
        ...{ host: draft.host.trim(), port: Number(draft.port) },
        facility: draft.facility as Extract<ChannelSettings, { type: 'syslog' }>['facility'],
        ...tls,
        ...{ language, timeoutMs },
      };
    case 'command':
      return { type: 'command', argv: linesOf(draft.argv), cwd: draft.cwd.trim() || null, timeoutMs };
  }
}

function soundOf(text: string): 'none' | 'notice' | 'warning' | 'critical' {
  return text as 'none' | 'notice' | 'warning' | 'critical';
}

/** Fields of each type, in the order of the form; `*` must not be empty. */
const FIELDS: Readonly<Record<ChannelType, readonly (FieldName | `${FieldName}*`)[]>> = {
  desktop: ['critical', 'warning', 'info', 'volume', 'quietFrom', 'quietTo', 'quietAll'],
  smtp: [
    'host*',
    'port*',
    'security',
    'from*',
    'to',
    'login',
    'username',
    'secret',
    'secretFile',
    'caFile',
    'language',
    'timeout*',
  ],
  webhook: [
    'url*',
    'login',
    'username',
    'secret',
    'secretFile',
    'caFile',
    'headers',
    'maxAlerts',
    'language',
    'timeout*',
  ],
  alertmanager: [
    'url*',
    'login',
    'username',
    'secret',
    'secretFile',
    'caFile',
    'labels',
    'resend*',
    'language',
    'timeout*',
  ],
  syslog: ['transport', 'host*', 'port*', 'facility', 'caFile', 'language', 'timeout*'],
  command: ['argv*', 'cwd', 'timeout*'],
};

/** The fields that a draft has now: those of a login only with one. */
export function fieldsOf(
  draft: ChannelDraft,
): readonly { readonly name: FieldName; readonly isNeeded: boolean }[] {
  return FIELDS[draft.type]
    .map((text) => ({ name: text.replace('*', '') as FieldName, isNeeded: text.endsWith('*') }))
    .filter(({ name }) => {
      if (name === 'username') return draft.login === 'basic';
      if (name === 'secret') return draft.login !== 'none';
      if (name === 'secretFile') return draft.login !== 'none' && draft.secret === '';
      if (name === 'quietAll') return draft.quietFrom !== '' && draft.quietTo !== '';
      if (name !== 'caFile') return true;
      if (draft.type === 'smtp') return draft.security !== 'none';
      if (draft.type === 'syslog') return draft.transport === 'tls';
      return /^https:/i.test(draft.url.trim());
    })
    .map((field) => {
      if (field.name === 'username') return { ...field, isNeeded: true };
      // One of the two will do.
      if (field.name === 'secret') return { ...field, isNeeded: draft.secretFile === '' };
      return field;
    });
}

/** Whether everything that must be there is. */
export function isComplete(draft: ChannelDraft): boolean {
  return fieldsOf(draft).every(({ name, isNeeded }) => !isNeeded || draft[name].trim() !== '');
}
