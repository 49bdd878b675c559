import { describe, expect, it } from 'vitest';
import { importLogstash } from '../../../../main/engine/logs/pipeline/logstash/import.ts';
import { createStage } from '../../../../main/engine/logs/pipeline/stage.ts';
import type { StageEvent } from '../../../../main/engine/logs/stage.ts';

/** What an event is after a configuration's filters, as Logstash documents them. */
function made(filters: string, text: string, more: Partial<StageEvent> = {}) {
  const path = '/var/log/a.log';
  const file = `input { file { path => "${path}" } } filter { ${filters} }`;
  const imported = importLogstash(file, 'x.conf');
  expect(imported.refused).toEqual([]);
  if (imported.pipeline === null) throw new Error('no pipeline');
  const stage = createStage({ pipelines: [{ ...imported.pipeline, id: 'p' }], masking: [] });
  const time = Date.UTC(2026, 10, 23, 1);
  const event = { text, time, level: 'unknown', message: text, fields: {}, source: path, host: 'a', path };
  const verdict = stage.apply({ ...event, ...more } as StageEvent);
  if (!verdict.keep) return null;
  const { set = {}, tags = [], message } = verdict.changes ?? {};
  return { fields: set, tags, message, time: verdict.time, level: verdict.level };
}

const refused = (filters: string): readonly string[] =>
  importLogstash(`filter { ${filters} }`, 'x.conf').refused.map(({ text }) => text.en);

describe('grok means what Ruby means', () => {
  const trace =
    '2026-11-23 09:12:02,456 ERROR [main] pay failed\njava.io.IOException: reset\n\tat a.B.c(B.java:1)';

  it('takes the lines of a stack trace into one field with (?m)', () =>
    expect(
      made(
        String.raw`grok { match => { "message" => "(?m)^%{TIMESTAMP_ISO8601:ts}\s+%{LOGLEVEL:level}\s+%{GREEDYDATA:msg}$" } }`,
        trace,
      )?.fields,
    ).toEqual({
      ts: '2026-11-23 09:12:02,456',
      msg: '[main] pay failed\njava.io.IOException: reset\n\tat a.B.c(B.java:1)',
    }));

  it('lets ^ and $ stand at every line', () => {
    expect(
      made('grok { match => { "message" => "^%{JAVACLASS:class}: %{GREEDYDATA:why}$" } }', trace)?.fields,
    ).toEqual({ class: 'java.io.IOException', why: 'reset' });
    expect(made('if [message] =~ /^java/ { mutate { add_tag => ["trace"] } }', trace)?.tags).toEqual([
      'trace',
    ]);
    expect(
      made(
        String.raw`mutate { copy => { "message" => "m" } } mutate { gsub => ["m", "^\tat .*$", "-"] }`,
        trace,
      )?.fields.m,
    ).toBe('2026-11-23 09:12:02,456 ERROR [main] pay failed\njava.io.IOException: reset\n-');
  });

  it('keeps what stands in front of a colon apart from flags', () =>
    expect(
      made(String.raw`grok { match => { "message" => "\(?m\)?%{NOTSPACE:x}" } }`, '(m)a')?.fields.x,
    ).toBe('a'));

  it('makes whole numbers of int', () =>
    expect(
      made(
        'grok { match => { "message" => "%{NUMBER:a:int} %{NUMBER:b:float} %{NUMBER:c}" } }',
        '12.7 007.50 007',
      )?.fields,
    ).toEqual({ a: '12', b: '7.5', c: '007' }));
});

describe('fields that the format of a source has read beforehand', () => {
  const read = { fields: { user: 'li', thread: 'main' } };

  it('are replaced by filters: the events of Logstash do not have them', () => {
    expect(
      made('grok { match => { "message" => "user=(?<user>\\S+)" } }', 'user=wang', read)?.fields,
    ).toEqual({
      user: 'wang',
    });
    expect(made('mutate { add_field => { "user" => "zhao" } }', 'x', read)?.fields).toEqual({
      user: 'zhao',
    });
  });

  it('become lists where two filters write one field', () =>
    expect(
      made('mutate { add_field => { "user" => "a" } } mutate { add_field => { "user" => "b" } }', 'x', read)
        ?.fields,
    ).toEqual({ user: '["a","b"]' }));
});

describe('a level that grok has read', () => {
  const grok = 'grok { match => { "message" => "%{LOGLEVEL:level} %{GREEDYDATA:msg}" } }';
  it.each([
    ['[level] in ["ERROR", "FATAL"]', true],
    ['[level] =~ /^ERR/', true],
    ['[level] =~ "(?i)error"', true],
    ['"ERR" in [level]', true],
    ['[level] == "ERROR"', true],
    ['[level] !~ /ERROR|FATAL/', false],
    ['[level] not in ["ERROR"]', false],
    ['[level] in ["WARN", "INFO"]', false],
  ])('%s', (condition, holds) =>
    expect(
      made(`${grok} if ${condition} { mutate { add_tag => ["yes"] } }`, 'ERROR pool is full')?.tags,
    ).toEqual(holds ? ['yes'] : []),
  );

  it('is written as it stood in the line, and stays the level of the event', () =>
    expect(
      made(
        `${grok} mutate { add_field => { "a" => "%{level}" } lowercase => ["level"] add_field => { "b" => "%{level}" } }`,
        'ERROR x',
      ),
    ).toMatchObject({ fields: { a: 'error', b: 'error' }, level: 'error' }));

  it('that the format read is found in capitals as well', () =>
    expect(
      made(
        'if [level] in ["WARN", "WARNING"] and [loglevel] =~ /WARN/ { mutate { add_tag => ["yes"] } }',
        'x',
        {
          level: 'warn',
        },
      )?.tags,
    ).toEqual(['yes']));
});

describe('conditions', () => {
  const json = 'json { source => "message" }';
  const doc = '{"http":{"status":"404"},"code":"00","n":7,"tagged":["a","b"],"off":false}';
  it.each([
    ['[http]', true],
    ['![http]', false],
    ['[http][status]', true],
    ['[http][method]', false],
    ['[code] == "0"', false],
    ['[code] == "00"', true],
    ['[n] == 7', true],
    ['[n] >= 7 and [n] < 10', true],
    ['[n] in [5, 7]', true],
    ['"a" in [tagged]', true],
    ['"c" not in [tagged]', true],
    ['[off]', false],
    ['[tags]', false],
    ['"x" not in [tags]', true],
    ['[missing] != "x"', true],
    ['[missing] == "x"', false],
    ['not ([n] == 7 or [n] == 8)', false],
    ['[n] == 8 or [http][status] =~ /^4/ and [code] == "00"', true],
    ['!("_jsonparsefailure" in [tags])', true],
  ])('%s', (condition, holds) =>
    expect(made(`${json} if ${condition} { mutate { add_tag => ["yes"] } }`, doc)?.tags).toEqual(
      holds ? ['yes'] : [],
    ),
  );
});

describe('mutate', () => {
  it('renames and copies objects with all that is inside', () =>
    expect(
      made(
        'json { source => "message" } mutate { rename => { "[a]" => "[b][c]" } copy => { "[b][c]" => "d" } }',
        '{"a":{"x":"1","y":{"z":"2"}}}',
      )?.fields,
    ).toEqual({ 'b.c.x': '1', 'b.c.y.z': '2', 'd.x': '1', 'd.y.z': '2' }));

  it('fills fields into what gsub puts in, and refuses them in its expression', () => {
    expect(
      made(
        String.raw`mutate { add_field => { "u" => "li" "m" => "user=wang" } } mutate { gsub => ["m", "user=(\w)\w+", "%{u}:\1"] }`,
        'x',
      )?.fields.m,
    ).toBe('li:w');
    expect(refused('mutate { gsub => ["m", "%{u}", "x"] }')).toEqual([
      'the expression "%{u}" of gsub cannot refer to fields',
    ]);
  });

  it('splits as Ruby does', () =>
    expect(
      made(
        'mutate { add_field => { "a" => "1,2,,3,," "b" => " 1  2 " } } mutate { split => { "a" => "," "b" => " " } }',
        'x',
      )?.fields,
    ).toEqual({ a: '["1","2","","3"]', b: '["1","2"]' }));
});

describe('json', () => {
  it('keeps all digits of long numbers', () =>
    expect(
      made(
        'json { source => "message" }',
        '{"orderId":1795396321123456789,"ids":[1795396321123456789],"n":-3}',
      )?.fields,
    ).toEqual({ orderId: '1795396321123456789', ids: '["1795396321123456789"]', n: '-3' }));

  it('takes the time from @timestamp, and says when it is none', () => {
    expect(made('json { source => "message" }', '{"@timestamp":"2026-11-20T08:00:00.5+08:00"}')?.time).toBe(
      Date.UTC(2026, 10, 20, 0, 0, 0, 500),
    );
    expect(made('json { source => "message" }', '{"@timestamp":"soon"}')).toMatchObject({
      fields: { '_@timestamp': 'soon' },
      tags: ['_timestampparsefailure'],
    });
  });
});

describe('kv', () => {
  it('passes over spaces around the sign, and leaves empty values out', () =>
    expect(made('kv {}', 'a = 1 b= 2 c =3 d= e=5 f = "x y" g=')?.fields).toEqual({
      a: '1',
      b: '2',
      c: '3',
      e: '5',
      f: 'x y',
    }));
});

describe('dissect', () => {
  it('joins what is appended by what stood before it', () =>
    expect(
      made(
        'dissect { mapping => { "message" => "%{ts}T%{+ts} %{a}-%{+a} %{rest}" } }',
        '2026-11-23T09:12 x-y z',
      )?.fields,
    ).toEqual({ ts: '2026-11-23T09:12', a: 'x-y', rest: 'z' }));
});

describe('options that hold for all filters', () => {
  it.each([
    'date { match => ["ts", "ISO8601"] add_tag => ["done"] }',
    'json { source => "doc" add_tag => ["done"] }',
    'dissect { mapping => { "doc" => "%{a} %{b}" } add_tag => ["done"] }',
    'kv { add_tag => ["done"] }',
  ])('apply to no event that %s has nothing to do with', (filter) =>
    expect(made(filter, 'no pairs here')?.tags).toEqual([]),
  );

  it('hand notes from filter to filter under @metadata, which is not stored', () =>
    expect(
      made(
        'mutate { add_field => { "[@metadata][x]" => "1" } } mutate { add_field => { "y" => "%{[@metadata][x]}" } }',
        'x',
      )?.fields,
    ).toEqual({ y: '1' }));
});
