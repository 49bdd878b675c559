import {
  type CheckInput,
  type CheckKind,
  type CheckView,
  checkSchema,
  type Expectation,
  type Threshold,
} from '#shared/contract/checks.ts';

/** Names of the fields of all kinds; each has a label in both languages. */
export type FieldName =
  | 'url'
  | 'method'
  | 'headers'
  | 'body'
  | 'statuses'
  | 'expect'
  | 'redirects'
  | 'username'
  | 'password'
  | 'bearer'
  | 'caFile'
  | 'insecure'
  | 'host'
  | 'port'
  | 'tls'
  | 'send'
  | 'dnsName'
  | 'type'
  | 'server'
  | 'answers'
  | 'packets'
  | 'user'
  | 'database'
  | 'query'
  | 'value'
  | 'command'
  | 'file'
  | 'args'
  | 'pskIdentity'
  | 'pskKey'
  | 'items'
  | 'starter';

/** How a field is entered. */
export type FieldSpec = {
  readonly name: FieldName;
  readonly as: 'line' | 'lines' | 'flag' | 'choice' | 'secret';
  readonly options?: readonly string[];
};

const line = (name: FieldName): FieldSpec => ({ name, as: 'line' });
const lines = (name: FieldName): FieldSpec => ({ name, as: 'lines' });
const flag = (name: FieldName): FieldSpec => ({ name, as: 'flag' });
/** The name of a secret in the sealed store. */
const secret = (name: FieldName): FieldSpec => ({ name, as: 'secret' });
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'];
const secured = [line('caFile'), flag('insecure')];
const login = [line('username'), secret('password')];
const sql = [line('host'), line('port'), line('user'), secret('password'), line('database')];

/** The fields of each kind, in their order. */
export const KIND_FIELDS: Readonly<Record<CheckKind, readonly FieldSpec[]>> = {
  http: [
    line('url'),
    { name: 'method', as: 'choice', options: METHODS },
    lines('headers'),
    lines('body'),
    line('statuses'),
    lines('expect'),
    line('redirects'),
    ...login,
    secret('bearer'),
    ...secured,
  ],
  tcp: [line('host'), line('port'), flag('tls'), line('send'), lines('expect'), ...secured],
  dns: [line('dnsName'), { name: 'type', as: 'choice', options: TYPES }, line('server'), lines('answers')],
  icmp: [line('host'), line('packets')],
  postgresql: [...sql, line('query'), line('value'), flag('tls'), ...secured],
  mysql: [...sql, line('query'), line('value'), flag('tls'), ...secured],
  redis: [
    line('host'),
    line('port'),
    line('user'),
    secret('password'),
    line('command'),
    line('value'),
    flag('tls'),
    ...secured,
  ],
  sqlite: [line('file'), line('query'), line('value')],
  haproxy: [line('url'), ...login, ...secured],
  nginx: [line('url'), ...login, ...secured],
  nagios: [line('file'), lines('args')],
  zabbix: [
    line('host'),
    line('port'),
    flag('starter'),
    lines('items'),
    line('pskIdentity'),
    secret('pskKey'),
  ],
};

/** A check as it is typed. */
export type CheckDraft = {
  readonly id: string | null;
  readonly hostId: string;
  readonly name: string;
  readonly kind: CheckKind;
  readonly values: Readonly<Partial<Record<FieldName, string>>>;
  readonly intervalS: string;
  readonly timeoutS: string;
  readonly retries: string;
  /** One a line: `measure warn crit`. */
  readonly thresholds: string;
  readonly enabled: boolean;
  /** What is kept of settings that the form does not show. */
  readonly base: CheckInput['what'] | null;
};

/** An expectation as one line: `text`, `!text`, `~pattern`, `!~pattern`, `$.path`, `$.path = value`. */
export function expectationLine(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'contains':
      return expectation.text;
    case 'lacks':
      return `!${expectation.text}`;
    case 'matches':
      return `~${expectation.pattern}`;
    case 'matches_not':
      return `!~${expectation.pattern}`;
    case 'json':
      return expectation.equals === null ? expectation.path : `${expectation.path} = ${expectation.equals}`;
  }
}

/** Reads what {@link expectationLine} writes. */
export function readExpectation(text: string): Expectation {
  if (text.startsWith('!~')) return { kind: 'matches_not', pattern: text.slice(2) };
  if (text.startsWith('~')) return { kind: 'matches', pattern: text.slice(1) };
  if (text.startsWith('!')) return { kind: 'lacks', text: text.slice(1) };
  if (!text.startsWith('$')) return { kind: 'contains', text };
  const at = text.indexOf(' = ');
  return at < 0
    ? { kind: 'json', path: text, equals: null }
    : { kind: 'json', path: text.slice(0, at), equals: text.slice(at + 3) };
}

const linesOf = (text: string | undefined): string[] =>
  (text ?? '').split('\n').filter((one) => one.trim() !== '');

/** `measure warn crit`; a dash leaves one out. Measures may have spaces: the last two words are the ranges. */
function readThreshold(text: string): Threshold {
  const words = text.trim().split(/\s+/);
  const crit = words.length > 2 ? (words.pop() ?? '-') : '-';
  const warn = words.pop() ?? '-';
  const range = (word: string): string | null => (word === '-' ? null : word);
  return { measure: words.join(' '), warn: range(warn), crit: range(crit) };
}

/** The draft of a new check of a host, or of one that is changed. */
export function draftOf(
  check: CheckView | { readonly hostId: string; readonly address: string },
): CheckDraft {
  if (!('what' in check))
    return {
      ...{ id: null, hostId: check.hostId, name: '', kind: 'http', base: null, enabled: true },
      ...{ intervalS: '30', timeoutS: '10', retries: '1', thresholds: '' },
      values: firstValues('http', check.address),
    };
  return {
    ...{
      id: check.id,
      hostId: check.hostId,
      name: check.name,
      kind: check.what.kind,
      enabled: check.enabled,
    },
    base: check.what,
    intervalS: String(check.intervalMs / 1000),
    timeoutS: String(check.timeoutMs / 1000),
    retries: String(check.retries),
    thresholds: check.thresholds
      .map(({ measure, warn, crit }) => `${measure} ${warn ?? '-'} ${crit ?? '-'}`)
      .join('\n'),
    values: valuesOf(check.what),
  };
}

const PORTS: Readonly<Partial<Record<CheckKind, string>>> = {
  tcp: '22',
  postgresql: '5432',
  mysql: '3306',
  redis: '6379',
  zabbix: '10050',
};

/** What the fields of a kind begin with. */
export function firstValues(kind: CheckKind, address: string): CheckDraft['values'] {
  const url = { http: '', haproxy: '/stats;csv', nginx: '/status' }[kind as 'http'] ?? '';
  return {
    ...{ url: `http://${address}${url}`, host: address, port: PORTS[kind] ?? '', dnsName: address },
    ...{
      method: 'GET',
      statuses: '200-299',
      redirects: '10',
      type: 'A',
      packets: '3',
      user: '',
      command: 'PING',
    },
    query: kind === 'sqlite' ? 'PRAGMA quick_check' : 'SELECT 1',
    file: kind === 'nagios' ? '/usr/lib/nagios/plugins/check_' : '',
    starter: kind === 'zabbix' ? 'yes' : '',
  };
}

function valuesOf(what: CheckView['what']): CheckDraft['values'] {
  const all = what as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const value = all[name];
    return value === null || value === undefined ? '' : String(value);
  };
  const tls = 'tls' in what ? what.tls : null;
  const plain = [
    'url',
    'method',
    'body',
    'redirects',
    'username',
    'password',
    'bearer',
    'host',
    'port',
    'send',
  ];
  const more = ['type', 'server', 'packets', 'user', 'database', 'query', 'file'];
  return {
    ...Object.fromEntries([...plain, ...more].map((name) => [name, text(name)])),
    tls: tls === null ? '' : 'yes',
    caFile: tls?.caFile ?? '',
    insecure: tls?.insecureSkipVerify === true ? 'yes' : '',
    ...('headers' in what
      ? {
          headers: Object.entries(what.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n'),
        }
      : {}),
    ...('statuses' in what ? { statuses: what.statuses.join(', ') } : {}),
    ...(what.kind === 'http' || what.kind === 'tcp'
      ? { expect: what.expect.map(expectationLine).join('\n') }
      : {}),
    ...(what.kind === 'dns' ? { dnsName: what.name, answers: what.answers.join('\n') } : {}),
    ...(what.kind !== 'http' && what.kind !== 'tcp' && 'expect' in what ? { value: what.expect ?? '' } : {}),
    ...(what.kind === 'redis' ? { command: what.command.join(' ') } : {}),
    ...(what.kind === 'nagios' ? { args: what.args.join('\n') } : {}),
    ...(what.kind === 'zabbix'
      ? {
          items: what.items.join('\n'),
          starter: what.starter ? 'yes' : '',
          pskIdentity: what.psk?.identity ?? '',
          pskKey: what.psk?.key ?? '',
        }
      : {}),
  };
}

/** The check that a draft means, or the field that is wrong in it (`''` when it is none of the form's). */
export function checkOf(
  draft: CheckDraft,
):
  | { readonly ok: true; readonly check: CheckInput & { readonly id: string | null } }
  | { readonly ok: false; readonly field: string } {
  const input = {
    ...{ id: draft.id, hostId: draft.hostId, name: draft.name, enabled: draft.enabled },
    intervalMs: Number(draft.intervalS) * 1000,
    timeoutMs: Number(draft.timeoutS) * 1000,
    retries: Number(draft.retries),
    thresholds: linesOf(draft.thresholds).map(readThreshold),
    what: whatOf(draft),
  };
  const parsed = checkSchema.safeParse(input);
  if (parsed.success) return { ok: true, check: { ...parsed.data, id: draft.id } };
  const [issue] = parsed.error.issues;
  return { ok: false, field: String(issue?.path.findLast((part) => typeof part === 'string') ?? '') };
}

function whatOf({ kind, values, base }: CheckDraft): object {
  const text = (name: FieldName): string => values[name]?.trim() ?? '';
  const orNull = (name: FieldName): string | null => text(name) || null;
  const kept = base !== null && base.kind === kind ? base : {};
  const oldTls = 'tls' in kept && kept.tls ? kept.tls : {};
  const {
    caFile: _,
    insecureSkipVerify: __,
    ...otherTls
  } = oldTls as {
    readonly caFile?: string;
    readonly insecureSkipVerify?: boolean;
  };
  const tls = {
    ...otherTls,
    ...(text('caFile') === '' ? {} : { caFile: text('caFile') }),
    insecureSkipVerify: text('insecure') !== '',
  };
  // An address says by itself whether it is secured; its settings are there only when there is something to say.
  const isByUrl = kind === 'http' || kind === 'haproxy' || kind === 'nginx';
  const hasTls = isByUrl ? Object.keys(tls).length > 1 || tls.insecureSkipVerify : text('tls') !== '';
  const tlsOrNull = hasTls ? tls : null;
  const server = { host: text('host'), port: Number(text('port')) };
  const common = { ...kept, kind };
  switch (kind) {
    case 'http':
      return {
        ...common,
        ...{
          url: text('url'),
          method: text('method'),
          body: values.body ?? '',
          redirects: Number(text('redirects')),
        },
        headers: Object.fromEntries(linesOf(values.headers).map((one) => splitHeader(one))),
        statuses: text('statuses').split(/[,\s]+/),
        expect: linesOf(values.expect).map(readExpectation),
        ...{ username: orNull('username'), password: orNull('password'), bearer: orNull('bearer') },
      };
    case 'tcp':
      return {
        ...{ ...common, ...server, tls: tlsOrNull, send: text('send') },
        expect: linesOf(values.expect).map(readExpectation),
      };
    case 'dns':
      return {
        ...{ ...common, name: text('dnsName'), type: text('type'), server: orNull('server') },
        answers: linesOf(values.answers),
      };
    case 'icmp':
      return { ...common, host: text('host'), packets: Number(text('packets')) };
    case 'postgresql':
    case 'mysql':
      return {
        ...{
          ...common,
          ...server,
          user: text('user'),
          password: orNull('password'),
          database: text('database'),
        },
        ...{ query: text('query'), expect: orNull('value'), tls: tlsOrNull },
      };
    case 'redis':
      return {
        ...{ ...common, ...server, user: orNull('user'), password: orNull('password') },
        ...{ command: text('command').split(/\s+/), expect: orNull('value'), tls: tlsOrNull },
      };
    case 'sqlite':
      return { ...common, file: text('file'), query: text('query'), expect: orNull('value') };
    case 'haproxy':
    case 'nginx':
      return {
        ...common,
        url: text('url'),
        username: orNull('username'),
        password: orNull('password'),
        tls: tlsOrNull,
      };
    case 'nagios':
      return { ...common, file: text('file'), args: linesOf(values.args) };
    case 'zabbix': {
      const psk = text('pskIdentity') === '' ? null : { identity: text('pskIdentity'), key: text('pskKey') };
      return { ...common, ...server, psk, items: linesOf(values.items), starter: text('starter') !== '' };
    }
  }
}

function splitHeader(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
