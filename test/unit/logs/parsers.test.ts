import { describe, expect, it } from 'vitest';
import { detectFormat, FormatGuess } from '../../../main/engine/logs/parse/detect.ts';
import { leadingLevel, levelFromValue } from '../../../main/engine/logs/parse/levels.ts';
import { createParser, type ParsedLine } from '../../../main/engine/logs/parse/parser.ts';
import { levelFromName } from '../../../shared/domain/log-query/level-names.ts';

const NEAR = Date.UTC(2026, 10, 22, 12);
const T = (h: number, m: number, s: number, ms = 0): number => Date.UTC(2026, 10, 22, h, m, s, ms);

function parse(spec: string, line: string, zone = 'UTC', near = NEAR): ParsedLine | null {
  const parser = createParser({ spec, zone });
  if (!parser.ok) throw new Error(parser.error.message.en);
  return parser.value.parse(line, near);
}

describe('time-level lines', () => {
  const cases: readonly (readonly [string, Partial<ParsedLine>])[] = [
    [
      '2026-11-22T10:11:12.123Z INFO started',
      { time: T(10, 11, 12, 123), level: 'info', message: 'started' },
    ],
    [
      '2026-11-22 10:11:12,123 ERROR 磁盘已满',
      { time: T(10, 11, 12, 123), level: 'error', message: '磁盘已满' },
    ],
    [
      '2026-11-22 10:11:12,123 [main] WARN com.hmtt.Pool - slow query',
      { level: 'warn', message: 'slow query', fields: { thread: 'main', logger: 'com.hmtt.Pool' } },
    ],
    [
      '2026-11-22 10:11:12.5  INFO 4711 --- [exec-1] o.s.web.Servlet : ready',
      { time: T(10, 11, 12, 500), level: 'info' },
    ],
    [
      '2026-11-22 10:11:12,123 - hmtt.worker - CRITICAL - queue lost',
      { level: 'fatal', message: 'queue lost', fields: { logger: 'hmtt.worker' } },
    ],
    [
      '2026/11/22 10:11:12 [error] 7#7: *1 open() failed',
      { time: T(10, 11, 12), level: 'error', message: '7#7: *1 open() failed' },
    ],
    ['[2026-11-22 10:11:12] SEVERE: boom', { time: T(10, 11, 12), level: 'error', message: 'boom' }],
    ['2026-11-22 10:11:12 INFO -5 °C', { level: 'info', message: '-5 °C' }],
    ['2026-11-22 10:11:12 INFO - 5 °C', { level: 'info', message: '5 °C' }],
    ['WARNING 2026-11-22 10:11:12 late', { time: T(10, 11, 12), level: 'warn', message: 'late' }],
    ['2026-11-22T10:11:12+08:00 DEBUG x', { time: T(2, 11, 12), level: 'debug', message: 'x' }],
    ['22/Nov/2026:10:11:12 +0000 GET /', { time: T(10, 11, 12), level: null, message: 'GET /' }],
    ['20261122 10:11:12.001 INFO compact', { time: T(10, 11, 12, 1), level: 'info' }],
    ['2026年11月22日 10:11:12 【错误】 数据库', { time: T(10, 11, 12) }],
    ['2026-11-22 10:11:12 错误 数据库连接失败', { level: 'error', message: '数据库连接失败' }],
    ['1795342272.123 INFO epoch', { time: 1795342272123, level: 'info' }],
    ['2026-11-22 10:11:12 the ERRORS page loaded', { level: null, message: 'the ERRORS page loaded' }],
  ];
  for (const [line, wanted] of cases)
    it(line, () => {
      expect(parse('time-level', line)).toMatchObject(wanted);
    });

  it('lines without a time, or with an impossible one, do not have the format', () => {
    for (const line of [
      '    at com.hmtt.Main.run(Main.java:17)',
      '2026-13-22 10:11:12 x',
      '2026-02-30 10:00:00 x',
      '',
    ])
      expect(parse('time-level', line), line).toBeNull();
  });

  it('a time without a zone is read in the zone of the source, on both sides of daylight saving', () => {
    const at = (line: string, zone: string): string =>
      new Date(parse('time-level', line, zone)?.time ?? 0).toISOString();
    expect(at('2026-11-22 10:00:00 INFO x', 'Asia/Shanghai')).toBe('2026-11-22T02:00:00.000Z');
    expect(at('2026-07-01 10:00:00 INFO x', 'Europe/Berlin')).toBe('2026-07-01T08:00:00.000Z');
    expect(at('2026-12-01 10:00:00 INFO x', 'Europe/Berlin')).toBe('2026-12-01T09:00:00.000Z');
    // The hour after the clocks went back, and the minute after they went forward.
    expect(at('2026-10-25 03:00:00 INFO x', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z');
    expect(at('2026-03-29 03:00:00 INFO x', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
  });
});

describe('syslog lines', () => {
  it('RFC 3164, with and without priority', () => {
    expect(parse('syslog', 'Nov 22 10:11:12 app-1 sshd[42]: Failed password')).toEqual({
      time: T(10, 11, 12),
      level: null,
      message: 'Failed password',
      fields: { hostname: 'app-1', program: 'sshd', pid: '42' },
    });
    expect(parse('syslog', '<11>Nov  2 10:11:12 db kernel: oops')).toMatchObject({
      level: 'error',
      fields: { facility: '1' },
    });
  });
  it('the year that the stamp lacks is the nearest that is not in the future', () => {
    const time = (near: number): string =>
      new Date(parse('syslog', 'Dec 31 23:59:59 h p: x', 'UTC', near)?.time ?? 0).toISOString();
    expect(time(Date.UTC(2027, 0, 1, 0, 0, 1))).toBe('2026-12-31T23:59:59.000Z');
    expect(time(Date.UTC(2026, 11, 31, 23, 0, 0))).toBe('2026-12-31T23:59:59.000Z');
    expect(time(Date.UTC(2026, 5, 1))).toBe('2025-12-31T23:59:59.000Z');
  });
  it('a stamp on 29 February takes a leap year', () => {
    expect(
      new Date(
        parse('syslog', 'Feb 29 01:02:03 h p: x', 'UTC', Date.UTC(2029, 1, 1))?.time ?? 0,
      ).getUTCFullYear(),
    ).toBe(2028);
  });
  it('RFC 5424 with structured data', () => {
    expect(
      parse('syslog', '<165>1 2026-11-22T10:11:12.003Z app-1 hmtt 99 ID47 [ex@1 a="b\\"c" d="e"] hello'),
    ).toEqual({
      time: T(10, 11, 12, 3),
      level: 'info',
      message: 'hello',
      fields: {
        facility: '20',
        hostname: 'app-1',
        program: 'hmtt',
        pid: '99',
        msgid: 'ID47',
        'ex@1.a': 'b"c',
        'ex@1.d': 'e',
      },
    });
  });
  it('RFC 3339 stamps as rsyslog writes them', () => {
    expect(
      parse('syslog', '2026-11-22T10:11:12.123456+00:00 app-1 cron[7]: error: no such user'),
    ).toMatchObject({
      time: T(10, 11, 12, 123),
      level: 'error',
      message: 'error: no such user',
    });
  });
  it('time-level lines are not taken for syslog', () => {
    expect(parse('syslog', '2026-11-22T10:11:12Z INFO started')).toBeNull();
    expect(parse('syslog', '2026-11-22 10:11:12,123 ERROR Pool: full')).toBeNull();
    expect(parse('syslog', '2026-11-22T10:11:12Z ERROR Pool: full')).toBeNull();
    expect(parse('syslog', 'Nov 22 10:11:12 WARN Pool: full')).toBeNull();
  });
});

describe('JSON lines', () => {
  it('finds time, level and message under their usual names, and flattens the rest', () => {
    expect(
      parse(
        'json',
        '{"@timestamp":"2026-11-22T10:11:12Z","level":"WARN","msg":"slow","http":{"status":500,"ok":false},"tags":["a","b"]}',
      ),
    ).toEqual({
      time: T(10, 11, 12),
      level: 'warn',
      message: 'slow',
      fields: { 'http.status': '500', 'http.ok': 'false', tags: '["a","b"]' },
    });
  });
  it('pino levels, syslog severities, and times in every unit', () => {
    const seconds = 1795342272;
    for (const ts of [seconds, seconds * 1e3, seconds * 1e6, `${seconds}`, seconds * 1e9])
      expect(parse('json', JSON.stringify({ ts, level: 50 })), String(ts)).toMatchObject({
        time: seconds * 1000,
        level: 'error',
      });
    expect(parse('json', '{"severity":2,"message":"x"}')).toMatchObject({ level: 'fatal' });
    expect(parse('json', '{"log":{"level":"debug"},"message":"x"}')).toMatchObject({ level: 'debug' });
  });
  it('anything that is not one object does not have the format; a key named __proto__ is only a field', () => {
    for (const line of ['[1]', '"x"', '{"a":1', '{} trailing', ''])
      expect(parse('json', line), line).toBeNull();
    expect(Object.keys(parse('json', '{"__proto__":"x","message":"m"}')?.fields ?? {})).toEqual([
      '__proto__',
    ]);
  });
});

describe('logfmt lines', () => {
  it('takes pairs, quotes and escapes', () => {
    expect(parse('logfmt', 'ts=2026-11-22T10:11:12Z level=eror msg="it \\"broke\\"" path=/a b=')).toEqual({
      time: T(10, 11, 12),
      level: 'error',
      message: 'it "broke"',
      fields: { path: '/a', b: '' },
    });
  });
  it('needs at least two pairs and nothing else', () => {
    for (const line of ['a=b', 'hello a=b c=d', 'a=b c=d tail'])
      expect(parse('logfmt', line), line).toBeNull();
  });
});

describe('plain lines and patterns', () => {
  it('a plain line is its own message; a level word at its start counts', () => {
    expect(parse('plain', 'error: cannot open')).toMatchObject({
      level: 'error',
      message: 'error: cannot open',
      time: null,
    });
    expect(parse('plain', 'terror in the office')).toMatchObject({ level: null });
  });
  it('a pattern with named groups gives time, level, message and fields', () => {
    const pattern = '^(?P<time>\\S+ \\S+) <(?P<level>\\w+)> (?P<unit>\\w+): (?P<message>.*)$';
    expect(parse(pattern, '2026-11-22 10:11:12 <W> pump: pressure low')).toEqual({
      time: T(10, 11, 12),
      level: 'warn',
      message: 'pressure low',
      fields: { unit: 'pump' },
    });
    expect(parse(pattern, 'something else')).toBeNull();
  });
  it('a pattern that explodes elsewhere is linear here', () => {
    const began = performance.now();
    expect(parse('^(?P<message>(a+)+)$', `${'a'.repeat(10_000)}!`)).toBeNull();
    expect(performance.now() - began).toBeLessThan(15_000);
  });
  it('a pattern without named groups, or none at all, is refused in words', () => {
    for (const spec of ['(oops', 'no groups', '(?P<a>(x{100}y){100})']) {
      const made = createParser({ spec, zone: 'UTC' });
      expect(made.ok ? 'accepted' : made.error.code, spec).toBe('LOG_FORMAT_INVALID');
    }
  });
});

describe('levels', () => {
  it('knows many spellings', () => {
    for (const [name, level] of [
      ['WARNING', 'warn'],
      ['Err', 'error'],
      ['CRIT', 'fatal'],
      ['notice', 'info'],
      ['警告', 'warn'],
      ['finest', 'trace'],
    ])
      expect(levelFromName(name ?? '')).toBe(level);
    expect(levelFromName('errors')).toBeNull();
    expect(levelFromValue('30')).toBe('info');
    expect(leadingLevel('[WARN] x')).toBe('warn');
  });
});

describe('finding the format by sample', () => {
  const json = '{"level":"info","msg":"x"}';
  const log4j = '2026-11-22 10:11:12,123 ERROR boom';
  const trace = '\tat com.hmtt.Main.run(Main.java:17)';
  it('decides by what most lines have; stack traces do not hide the lines they belong to', () => {
    expect(detectFormat([json, json, 'oops'], 'UTC', NEAR)).toBe('json');
    expect(detectFormat([log4j, trace, trace, trace], 'UTC', NEAR)).toBe('time-level');
    expect(detectFormat(['Nov 22 10:11:12 h p[1]: x'], 'UTC', NEAR)).toBe('syslog');
    expect(detectFormat(['a=1 b=2', 'a=2 b=3'], 'UTC', NEAR)).toBe('logfmt');
    expect(detectFormat(['hello', 'world'], 'UTC', NEAR)).toBe('plain');
    expect(detectFormat([], 'UTC', NEAR)).toBe('plain');
  });
  it('is decided again when the lines stay unmatched', () => {
    const guess = new FormatGuess('UTC');
    expect(guess.format).toBeNull();
    expect(
      guess.look(
        Array.from({ length: 60 }, () => json),
        NEAR,
      ),
    ).toBe('json');
    expect(guess.look([log4j], NEAR)).toBe('json');
    guess.fared(200, 200);
    expect(
      guess.look(
        Array.from({ length: 60 }, () => log4j),
        NEAR,
      ),
    ).toBe('time-level');
  });
});
