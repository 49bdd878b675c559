import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importLogstash } from '../../../../main/engine/logs/pipeline/logstash/import.ts';
import { createStage } from '../../../../main/engine/logs/pipeline/stage.ts';
import type { StageEvent } from '../../../../main/engine/logs/stage.ts';
import { checkMultiline } from '../../../../main/engine/logs/tail/joining.ts';

const HMTT = readFileSync(new URL('../../../fixtures/logstash/hmtt.conf', import.meta.url), 'utf8');

function eventOf(text: string, more: Partial<StageEvent> = {}): StageEvent {
  return {
    text,
    time: Date.UTC(2026, 10, 22, 12),
    level: 'info',
    message: text,
    fields: {},
    source: '/var/log/hmtt/hmtt.log',
    host: 'app-1',
    path: '/var/log/hmtt/hmtt.log',
    ...more,
  };
}

function refusals(text: string): readonly string[] {
  return importLogstash(text, 'x.conf').refused.map(
    ({ line, name, text: why }) => `${line} ${name}: ${why.en}`,
  );
}

describe('the pipeline of the maintenance guide, verbatim', () => {
  const imported = importLogstash(HMTT, 'hmtt.conf');

  it('refuses nothing', () => expect(imported.refused).toEqual([]));

  it('reads the file from its beginning', () =>
    expect(imported.sources).toEqual([
      {
        path: '/var/log/hmtt/hmtt.log',
        exclude: [],
        from: 'beginning',
        format: 'auto',
        encoding: 'auto',
        multiline: { kind: 'none' },
        line: 2,
      },
    ]));

  it('routes to two streams and sends both to one server under daily names', () => {
    expect(imported.streams).toEqual(['hmtt-error', 'hmtt-logs']);
    expect(imported.outputs).toHaveLength(1);
    expect(imported.outputs[0]).toMatchObject({
      name: 'elasticsearch:9200',
      servers: ['http://elasticsearch:9200'],
      streams: ['hmtt-error', 'hmtt-logs'],
      index: '%{stream}-%{+YYYY.MM.dd}',
    });
  });

  it('tags errors, however the level came to be known', () => {
    if (imported.pipeline === null) throw new Error('no pipeline');
    const stage = createStage({ pipelines: [{ ...imported.pipeline, id: 'p' }], masking: [] });
    expect(stage.apply(eventOf('a', { level: 'error' }))).toMatchObject({
      keep: true,
      stream: 'hmtt-error',
      changes: { tags: ['error'] },
    });
    expect(stage.apply(eventOf('b', { fields: { loglevel: 'ERROR' } }))).toMatchObject({
      stream: 'hmtt-error',
    });
    expect(stage.apply(eventOf('c'))).toMatchObject({ keep: true, stream: 'hmtt-logs', changes: null });
  });

  it('concerns its own source only', () => {
    if (imported.pipeline === null) throw new Error('no pipeline');
    const stage = createStage({ pipelines: [{ ...imported.pipeline, id: 'p' }], masking: [] });
    expect(stage.concerns('/var/log/hmtt/hmtt.log')).toBe(true);
    expect(stage.concerns('other')).toBe(false);
  });
});

describe('a pipeline of everyday plugins', () => {
  const text = readFileSync(new URL('../../../fixtures/logstash/everyday.conf', import.meta.url), 'utf8');
  const imported = importLogstash(text, 'everyday.conf');

  it('is taken', () => expect(imported.refused).toEqual([]));

  it('does to events what Logstash does', () => {
    if (imported.pipeline === null) throw new Error('no pipeline');
    const stage = createStage({ pipelines: [{ ...imported.pipeline, id: 'p' }], masking: [] });
    const line =
      '2026-11-22 08:15:30,250 WARN [pay] order=77 took=1200 user="Lin Na" {"code":"E7"} url=/pay?id=1';
    const verdict = stage.apply(eventOf(line, { level: 'unknown', source: '/var/log/app/app.log' }));
    if (!verdict.keep) throw new Error('dropped');
    expect(verdict.time).toBe(Date.UTC(2026, 10, 22, 0, 15, 30, 250));
    expect(verdict.level).toBe('warn');
    expect(verdict.stream).toBe('app-slow');
    expect(verdict.text).toBe(line);
    expect(verdict.changes).toMatchObject({
      tags: ['parsed', 'slow'],
      set: {
        component: 'PAY',
        order: '77',
        took: '1200',
        user: 'Lin Na',
        'ctx.code': 'E7',
        env: 'site-2026.11.22',
      },
    });
    expect(verdict.changes?.set).not.toHaveProperty('ts');
    expect(stage.apply(eventOf('DEBUG noise', { source: '/var/log/app/app.log' }))).toMatchObject({
      keep: false,
    });
    expect(stage.counts().p?.some(({ dropped }) => dropped === 1)).toBe(true);
  });
});

describe('refusals name plugin and line', () => {
  it.each([
    ['input { beats { port => 5044 } }', '1 beats: the input beats is not taken'],
    [
      'input {\n file { path => "/a"\n codec => rubydebug } }',
      '3 file.codec: the codec rubydebug is not taken',
    ],
    [
      'input { file { path => "/a" codec => plain {\n charset => "EBCDIC" } } }',
      '2 plain.charset: the character set EBCDIC is not taken',
    ],
    [
      'input { file { path => "/a" codec => multiline { pattern => "^a" what => "next" } } }',
      '1 multiline: what must be previous',
    ],
    [
      'input { file { path => "/a" codec => multiline { pattern => "^%{NOPE}" negate => true what => "previous" } } }',
      '1 multiline.pattern: ',
    ],
    [
      'input { file { path => "/a" codec => multiline { pattern => "a*" negate => true what => "previous" } } }',
      '1 multiline.pattern: ',
    ],
    ['filter {\n geoip { source => "ip" } }', '2 geoip: the filter geoip is not taken'],
    ['filter { grok { match => { "message" => "%{NOPE:x}" } } }', '1 grok: '],
    ['filter {\n mutate {\n  tag_it => "x" } }', '3 mutate.tag_it: the option tag_it is not taken'],
    ['filter { drop { percentage => 40 } }', '1 drop.percentage: only all are dropped'],
    ['output { kafka { } }', '1 kafka: the output kafka is not taken'],
    [
      'output { elasticsearch { index => "x-%{type}-%{+YYYY.MM.dd}" } }',
      '1 elasticsearch.index: the index name',
    ],
    [
      'output { elasticsearch { index => "a" }\n elasticsearch { index => "b" } }',
      '2 elasticsearch: an event belongs',
    ],
    ['output { elasticsearch { hosts => ["\u0024{ES}:9200"] } }', '1 elasticsearch.hosts: variables'],
    ['filter {\n if [a] ~= "x" { drop { } } }', '2 : '],
    ['filter { mutate { gsub => ["a", "(?<=x)y", "z"] } }', '1 mutate: not an expression of RE2'],
    ['filter { date { match => ["ts", "yyyy-QQ"] } }', '1 date: QQ of the date format'],
    ['filters { }', '1 : input, filter or output is missing here, not filters'],
    ['filter { mutate { add_tag => "x" }', '1 : } is missing'],
    ['', '1 : there is no input, filter or output section'],
  ])('%s', (text, refusal) => {
    expect(refusals(text)).toHaveLength(1);
    expect(refusals(text)[0]).toContain(refusal);
  });

  it('names every one of them at once', () =>
    expect(refusals('input { beats { } }\nfilter { geoip { } ruby { } }\noutput { kafka { } }')).toHaveLength(
      4,
    ));

  it('takes conditionals that exclude each other for one choice', () => {
    const two =
      'output { if [type] == "a" { elasticsearch { index => "a" } } if [type] == "b" { elasticsearch { index => "b" } } }';
    expect(refusals(two)).toEqual([]);
    expect(refusals(two.replace('[type] == "b"', '[other] == "b"'))).toHaveLength(1);
  });

  it.each([
    ['"error" in [tags]', '"error" not in [tags]', 0],
    ['[loglevel] == "ERROR"', '[loglevel] != "ERROR"', 0],
    ['[path] =~ /api/', '[path] !~ /api/', 0],
    ['[user]', '![user]', 0],
    ['[a] == 1 and [b] == 2', '!([a] == 1 and [b] == 2)', 0],
    ['[path] =~ /api/', '[path] !~ /web/', 1],
    ['"error" in [tags]', '"warn" not in [tags]', 1],
    ['[user]', '[user]', 1],
  ])('takes %s and then %s for one choice, if one denies the other', (first, second, count) =>
    expect(
      refusals(
        `output { if ${first} { elasticsearch { index => "a" } } if ${second} { elasticsearch { index => "b" } } }`,
      ),
    ).toHaveLength(count),
  );

  it('notes what it leaves out', () => {
    const imported = importLogstash(
      'output { stdout { codec => rubydebug } file { path => "/x/app-%{+YYYY}.log" } }',
      'x',
    );
    expect(imported.refused).toEqual([]);
    expect(imported.notices.map(({ name }) => name)).toEqual(['stdout', 'file']);
    expect(imported.streams).toEqual(['app']);
  });
});

describe('the syslog input', () => {
  it('becomes receivers that nobody switched on yet', () => {
    const imported = importLogstash(
      'input { syslog { port => 5514 host => "127.0.0.1" type => "net" } }',
      'x',
    );
    expect(imported.refused).toEqual([]);
    expect(imported.receivers.map(({ protocol, address, port }) => [protocol, address, port])).toEqual([
      ['udp', '127.0.0.1', 5514],
      ['tcp', '127.0.0.1', 5514],
    ]);
    expect(imported.pipeline?.sources).toEqual(['syslog 127.0.0.1:5514 udp', 'syslog 127.0.0.1:5514 tcp']);
    expect(imported.pipeline?.steps).toHaveLength(2);
    // Logstash has taken the header off by then.
    expect(imported.pipeline?.message).toBe('parsed');
  });
});

describe('codecs', () => {
  const read = (codec: string) => {
    const imported = importLogstash(`input { file { path => "/a.log" codec => ${codec} } }`, 'x');
    expect(imported.refused).toEqual([]);
    return imported.sources[0];
  };

  it('multiline becomes the joining of the source', () => {
    const trace = read(
      'multiline { pattern => "^%{YEAR}-%{MONTHNUM}" negate => true what => "previous" max_lines => 200 }',
    );
    if (trace?.multiline.kind !== 'start') throw new Error('not joined');
    expect(trace.multiline).toMatchObject({ maxLines: 200, flushMs: 2000 });
    const begins = checkMultiline(trace.multiline);
    if (!begins.ok || begins.value === null) throw new Error('no rule');
    expect(begins.value(Buffer.from('2026-11-23 ERROR x'))).toBe(true);
    expect(begins.value(Buffer.from('\tat a.B.c(B.java:1)'))).toBe(false);
    expect(read('multiline { pattern => "^\\s" what => "previous" }')?.multiline).toMatchObject({
      kind: 'start',
      pattern: '^\\S',
    });
  });

  it('a character set becomes the encoding', () => {
    expect(read('plain { charset => "GBK" }')?.encoding).toBe('gb18030');
    expect(read('json { charset => "UTF-8" }')).toMatchObject({ encoding: 'utf-8', format: 'json' });
  });
});

describe('the stdin input', () => {
  it('leaves the pipeline switched off, which would concern every line otherwise', () => {
    const imported = importLogstash('input { stdin { } } filter { drop { } }', 'x');
    expect(imported.refused).toEqual([]);
    expect(imported.notices.map(({ name }) => name)).toEqual(['stdin']);
    expect(imported.pipeline?.enabled).toBe(false);
    const both = importLogstash('input { stdin { } file { path => "/a" } } filter { drop { } }', 'x');
    expect(both.pipeline).toMatchObject({ enabled: true, sources: ['/a'] });
    expect(importLogstash('filter { drop { } }', 'x').pipeline?.enabled).toBe(true);
  });
});
