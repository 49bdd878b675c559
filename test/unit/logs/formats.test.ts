import { describe, expect, it } from 'vitest';
import type { LogLevel } from '#shared/contract/logs.ts';
import { detectFormat } from '../../../main/engine/logs/parse/detect.ts';
import { FORMATS } from '../../../main/engine/logs/parse/formats.ts';
import { createParser } from '../../../main/engine/logs/parse/parser.ts';

const NEAR = Date.UTC(2026, 10, 22, 12);
const AT = Date.UTC(2026, 10, 22, 10);

/** Format, line, level, message, some of its fields; all at 10:00:00 UTC except where the line has no time. */
const LINES: readonly (readonly [
  string,
  string,
  LogLevel | null,
  string,
  Readonly<Record<string, string>>,
])[] = [
  [
    'access',
    '10.0.0.7 - li [22/Nov/2026:18:00:00 +0800] "GET /erp?a=\\"1\\" HTTP/1.1" 502 157 "-" "curl/7.88" 0.123',
    'error',
    'GET /erp?a=\\"1\\" HTTP/1.1 502',
    {
      client: '10.0.0.7',
      user: 'li',
      method: 'GET',
      status: '502',
      bytes: '157',
      agent: 'curl/7.88',
      extra: '0.123',
    },
  ],
  [
    'access',
    'erp.local:443 ::1 - - [22/Nov/2026:10:00:00 +0000] "\\x16\\x03" 400 -',
    'warn',
    '\\x16\\x03 400',
    { vhost: 'erp.local:443', client: '::1', request: '\\x16\\x03', status: '400' },
  ],
  [
    'web-error',
    '2026/11/22 10:00:00 [error] 7#9: *5 open() failed, client: 10.0.0.7, server: erp, request: "GET / HTTP/1.1"',
    'error',
    'open() failed, client: 10.0.0.7, server: erp, request: "GET / HTTP/1.1"',
    { pid: '7', thread: '9', connection: '5', client: '10.0.0.7', request: 'GET / HTTP/1.1' },
  ],
  [
    'web-error',
    '[Sun Nov 22 10:00:00.000000 2026] [core:error] [pid 7:tid 9] [client 10.0.0.7:12] AH00128: gone',
    'error',
    'AH00128: gone',
    { module: 'core', pid: '7', tid: '9', client: '10.0.0.7:12' },
  ],
  [
    'klog',
    'W1122 10:00:00.000456   12 pool.go:34] pool is full',
    'warn',
    'pool is full',
    { thread: '12', file: 'pool.go', line: '34' },
  ],
  ['python', 'CRITICAL:acme.pool:pool is full', 'fatal', 'pool is full', { logger: 'acme.pool' }],
  [
    'python',
    '2026-11-22 10:00:00,000 - acme.pool - ERROR - pool is full',
    'error',
    'pool is full',
    { logger: 'acme.pool' },
  ],
  [
    'kv',
    '2026-11-22 10:00:00 firewall deny src=10.0.0.7 note="a b" port=445',
    null,
    'firewall deny src=10.0.0.7 note="a b" port=445',
    { src: '10.0.0.7', note: 'a b', port: '445' },
  ],
  [
    'time-level',
    '2026-11-22T10:00:00.000Z  INFO 123 --- [app] [main] c.a.Pool : going on',
    'info',
    'going on',
    { pid: '123', logger: 'c.a.Pool' },
  ],
  [
    'time-level',
    '2026-11-22 10:00:00,000 WARN  [org.acme.Pool] (main) pool is full',
    'warn',
    'pool is full',
    { logger: 'org.acme.Pool', thread: 'main' },
  ],
  ['syslog', '<11>pool is full', 'error', 'pool is full', { facility: '1' }],
  [
    'grok:%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:loglevel} %{POOL:pool} %{GREEDYDATA:message}\nPOOL [a-z]+-\\d+',
    '2026-11-22 10:00:00 ERROR main-7 is full',
    'error',
    'is full',
    { pool: 'main-7' },
  ],
];

describe('formats', () => {
  it.each(LINES)('%s reads %s', (spec, line, level, message, fields) => {
    const parser = createParser({ spec, zone: 'UTC' });
    if (!parser.ok) throw new Error(parser.error.message.en);
    const parsed = parser.value.parse(line, NEAR);
    expect(parsed).toMatchObject({ level, message, fields });
    if (parsed?.time !== null) expect(parsed?.time).toBe(AT);
    expect(parser.value.explain?.(line, NEAR) ?? null).toBeNull();
  });

  it('are found by their own examples', () => {
    for (const { name, example } of FORMATS) {
      if (example === '' || name.startsWith('grok') || name.startsWith('(')) continue;
      expect(detectFormat([example], 'UTC', NEAR), example).toBe(name);
    }
  });

  it('say at which column a line stops having them', () => {
    const column = (spec: string, line: string): number | undefined => {
      const parser = createParser({ spec, zone: 'UTC' });
      if (!parser.ok) throw new Error(parser.error.message.en);
      expect(parser.value.parse(line, NEAR)).toBeNull();
      return parser.value.explain?.(line, NEAR)?.column;
    };
    expect(column('json', '{"a":1,}')).toBe(8);
    expect(column('logfmt', 'a=1 b=2 oops c')).toBe(9);
    expect(column('access', '10.0.0.7 - li [yesterday] "GET / HTTP/1.1" 200 1')).toBe(16);
    expect(column('access', '10.0.0.7 - li [22/Nov/2026:10:00:00 +0800] "GET / HTTP/1.1" fine')).toBe(60);
    expect(column('^(?P<a>\\d+) (?P<b>\\d+)$', '12 ab')).toBe(4);
    // A joined event: the anchor stands at each of its lines.
    expect(column('grok:^%{LOGLEVEL:level} a$', 'begun\nERROR b')).toBe(12);
  });
});
