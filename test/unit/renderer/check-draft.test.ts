import { expect, test } from 'vitest';
import { CHECK_KINDS, type CheckInput, checkSchema } from '#shared/contract/checks.ts';
import {
  checkOf,
  draftOf,
  expectationLine,
  firstValues,
  KIND_FIELDS,
  readExpectation,
} from '../../../renderer/pages/hosts/checks/check-draft.ts';

const host = { hostId: 'h', address: 'app-1' };
const SAVED: readonly CheckInput['what'][] = [
  {
    kind: 'http',
    url: 'https://app-1/health',
    method: 'POST',
    headers: { 'X-Site': 'a: b' },
    body: '{}',
    statuses: ['200', '401-403'],
    expect: [
      { kind: 'contains', text: 'up' },
      { kind: 'lacks', text: 'error' },
      { kind: 'matches', pattern: 'a+$' },
      { kind: 'matches_not', pattern: '^b' },
      { kind: 'json', path: '$.status', equals: 'UP' },
      { kind: 'json', path: '$.db', equals: null },
    ],
    redirects: 2,
    username: 'u',
    password: 'p',
    tls: { caFile: '/etc/ca.pem', certFile: '/etc/client.pem', insecureSkipVerify: true },
  },
  {
    kind: 'tcp',
    host: 'app-1',
    port: 22,
    send: 'x\\r\\n',
    expect: [{ kind: 'matches', pattern: '^SSH' }],
    tls: { insecureSkipVerify: false },
  },
  { kind: 'dns', name: 'app-1', type: 'MX', server: '192.0.2.1:53', answers: ['10 mail'] },
  { kind: 'icmp', host: 'app-1', packets: 5 },
  { kind: 'postgresql', host: 'db', user: 'u', password: 'p', database: 'd', query: 'SELECT 2', expect: '2' },
  { kind: 'mysql', host: 'db', port: 3307, user: 'u' },
  { kind: 'redis', host: 'r', command: ['GET', 'k'], expect: 'v', database: 3 },
  { kind: 'sqlite', file: '/var/app.db' },
  { kind: 'haproxy', url: 'http://lb/stats;csv' },
  { kind: 'nginx', url: 'http://lb/status', username: 'u', password: 'p' },
  { kind: 'nagios', file: '/p/check_x', args: ['-a', 'b c'] },
  {
    kind: 'zabbix',
    host: 'app-1',
    items: ['agent.ping'],
    starter: true,
    psk: { identity: 'i', key: 'k' },
    discover: [{ key: 'd', items: ['x'] }],
  },
];

test('a check that is opened and saved is the same check, whatever its kind', () => {
  expect(SAVED.map(({ kind }) => kind).toSorted()).toEqual([...CHECK_KINDS].toSorted());
  for (const what of SAVED) {
    const check = checkSchema.parse({
      name: 'c',
      hostId: 'h',
      what,
      thresholds: [{ measure: 'root usage', warn: '80', crit: null }],
    });
    const draft = draftOf({ ...check, id: 'id', state: 'ok', since: 1, last: null, failedAttempts: 0 });
    const read = checkOf(draft);
    expect(read.ok ? read.check : read, what.kind).toEqual({ ...check, id: 'id' });
  }
});

test('a new check of each kind begins with what can be known, and lacks only what cannot', () => {
  for (const kind of CHECK_KINDS) {
    const draft = { ...draftOf(host), name: 'c', kind, values: firstValues(kind, host.address) };
    const typed = { user: 'u', file: '/p/check_x', items: 'agent.ping' };
    const read = checkOf({ ...draft, values: { ...draft.values, ...typed } });
    expect(read.ok ? 'ok' : read.field, kind).toBe('ok');
    expect(KIND_FIELDS[kind].length, kind).toBeGreaterThan(0);
  }
});

test('what is wrong names its field', () => {
  const draft = { ...draftOf(host), name: 'c' };
  const field = (change: object): string => {
    const read = checkOf({ ...draft, ...change });
    return read.ok ? 'ok' : read.field;
  };
  expect(field({})).toBe('ok');
  expect(field({ name: ' ' })).toBe('name');
  expect(field({ intervalS: 'soon' })).toBe('intervalMs');
  expect(field({ values: { ...draft.values, url: 'app-1' } })).toBe('url');
  expect(field({ thresholds: 'seconds often' })).toBe('warn');
});

test('expectations are lines', () => {
  for (const text of ['up', '!down', '~a+', '!~b', '$.a', '$.a = b = c'])
    expect(expectationLine(readExpectation(text))).toBe(text);
});
