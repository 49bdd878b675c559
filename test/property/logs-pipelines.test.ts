import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../main/engine/logs/pipeline/condition.ts';
import { importLogstash } from '../../main/engine/logs/pipeline/logstash/import.ts';
import { BUILT_IN_MASKS, compileMask } from '../../main/engine/logs/pipeline/mask.ts';
import { createStage } from '../../main/engine/logs/pipeline/stage.ts';
import type { StageEvent } from '../../main/engine/logs/stage.ts';
import { logPipelineSchema, type PipelineFilter } from '../../shared/contract/logs-pipelines.ts';

const RUNS = Number(process.env.HMTT_PROPERTY_RUNS ?? 150);

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom(
    '{"password":"a\\"b","n":13812345678,"x":{"y":[1,2]}}',
    'a=1 b="2 3" c=[x] d=<y',
    '2026-11-22T08:00:00Z ERROR [core] 磁盘已满 took=12',
    '"\\u0070":"%{message}" %{+YYYY} __proto__=1',
    `${'('.repeat(90)}${'='.repeat(90)}`,
    'Authorization: Bearer x.y.z \\"token\\":\\"',
    'x'.repeat(5_000),
  ),
);
const field = fc.constantFrom(
  'message',
  'a',
  'b',
  '[x][y]',
  'raw',
  '__proto__',
  'constructor',
  'level',
  'tags',
  '@timestamp',
  'host',
);
const template = fc.oneof(
  text,
  fc.constantFrom('%{a}', '%{[x][y]} %{+YYYY.MM.dd}', '%{', '%{+%s}', '%{message}%{message}'),
);
const pattern = fc.constantFrom(
  'a+',
  '(\\d+)-(\\w*)',
  '.',
  '(a*)*b',
  '(x|x)*y',
  '\\S+',
  '[^=]+',
  '(?i)error',
);
const when = fc.constantFrom(
  undefined,
  '[a]',
  '[level] == "error"',
  '"x" in [tags]',
  '[message] =~ /(a+)+$/ and [a] >= 5',
  '![b] or [n] in ["1", "2"]',
);
const tags = fc.array(
  template.filter((one) => one.trim() !== '').map((one) => one.slice(0, 50).trim() || 't'),
  { maxLength: 3 },
);
const common = {
  when,
  addField: fc.option(fc.dictionary(field, template, { maxKeys: 2 }), { nil: undefined }),
  removeField: fc.option(fc.array(field, { maxLength: 2 }), { nil: undefined }),
  addTag: fc.option(tags, { nil: undefined }),
  removeTag: fc.option(tags, { nil: undefined }),
};
const separators = fc.constantFrom('=', ' ', ':', ',', '\\n', '"');

const filter: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ kind: fc.constant('drop'), ...common }),
  fc.record({
    kind: fc.constant('mutate'),
    rename: fc.dictionary(field, field, { maxKeys: 2 }),
    replace: fc.dictionary(field, template, { maxKeys: 2 }),
    convert: fc.dictionary(field, fc.constantFrom('integer', 'float', 'boolean', 'string'), { maxKeys: 2 }),
    gsub: fc.array(fc.record({ field, pattern, with: fc.constantFrom('', '\\1', '$1', '\\9\\0', 'aa') }), {
      maxLength: 2,
    }),
    split: fc.dictionary(field, separators, { maxKeys: 1 }),
    merge: fc.dictionary(field, field, { maxKeys: 2 }),
    copy: fc.dictionary(field, field, { maxKeys: 2 }),
    join: fc.dictionary(field, separators, { maxKeys: 1 }),
    uppercase: fc.array(field, { maxLength: 2 }),
    ...common,
  }),
  fc.record({
    kind: fc.constant('grok'),
    match: fc.array(
      fc.record({
        field,
        patterns: fc.constantFrom(
          ['%{WORD:w} %{GREEDYDATA:rest}'],
          ['%{NUMBER:n:int}', '%{NOTSPACE:[x][y]}'],
          ['(?<q>.*)'],
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    overwrite: fc.array(field, { maxLength: 2 }),
    ...common,
  }),
  fc.record({
    kind: fc.constant('date'),
    field,
    formats: fc.constantFrom(['ISO8601'], ['UNIX', 'UNIX_MS'], ['MMM d HH:mm:ss', 'yyyy-MM-dd']),
    zone: fc.constantFrom(undefined, 'Asia/Shanghai'),
    ...common,
  }),
  fc.record({
    kind: fc.constant('json'),
    source: field,
    target: fc.option(field, { nil: undefined }),
    ...common,
  }),
  fc.record({
    kind: fc.constant('kv'),
    source: field,
    fieldSplit: separators,
    valueSplit: separators,
    trimValue: separators,
    ...common,
  }),
  fc.record({
    kind: fc.constant('dissect'),
    mapping: fc.dictionary(field, fc.constantFrom('%{a} %{b}', '%{+a}-%{+a}', '[%{?x->}] %{}', '%{a}=%{b}'), {
      minKeys: 1,
      maxKeys: 2,
    }),
    ...common,
  }),
  fc.record({ kind: fc.constant('mask'), pattern: pattern.filter((one) => one !== '(a*)*b'), ...common }),
  fc.record({ kind: fc.constant('stream'), stream: fc.constantFrom('s', 'hmtt-error'), ...common }),
);

const event: fc.Arbitrary<StageEvent> = fc.record({
  text,
  time: fc.oneof(fc.constant(Date.UTC(2026, 10, 22)), fc.maxSafeInteger()),
  level: fc.constantFrom('error', 'info', 'unknown'),
  message: text,
  fields: fc.dictionary(
    fc.oneof(fc.constantFrom('a', 'b', 'x.y', 'n', '__proto__'), fc.string({ maxLength: 20 })),
    text,
    { maxKeys: 5 },
  ),
  source: fc.constant('s'),
  host: fc.constant('h'),
  path: fc.constant('/p'),
});

describe('pipelines', () => {
  it('never throw, change nothing they were given, and give what the store can keep', () => {
    fc.assert(
      fc.property(
        fc.array(filter, { maxLength: 6 }),
        fc.constantFrom('line', 'parsed'),
        fc.boolean(),
        event,
        (steps, message, masked, input) => {
          const pipeline = logPipelineSchema.safeParse(
            JSON.parse(JSON.stringify({ name: 'p', message, steps })),
          );
          fc.pre(pipeline.success);
          if (!pipeline.success) return;
          const before = JSON.stringify(input);
          const stage = createStage({
            pipelines: [{ ...pipeline.data, id: 'p' }],
            masking: BUILT_IN_MASKS.map((rule) => ({ ...rule, atIngest: masked })),
          });
          expect(stage.errors).toEqual({});
          const verdict = stage.apply(input);
          expect(JSON.stringify(input)).toBe(before);
          // The same event gives the same verdict.
          expect(JSON.stringify(stage.apply(input))).toBe(JSON.stringify(verdict));
          if (!verdict.keep) return;
          expect(Number.isSafeInteger(verdict.time)).toBe(true);
          expect(JSON.parse(JSON.stringify(verdict.changes))).toEqual(verdict.changes);
          for (const value of Object.values(verdict.changes?.set ?? {})) expect(typeof value).toBe('string');
          expect(new Set(verdict.changes?.tags ?? []).size).toBe(verdict.changes?.tags?.length ?? 0);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('take a line of a million characters in time that grows with it', () => {
    const steps: PipelineFilter[] = [
      { kind: 'grok', match: [{ field: 'raw', patterns: ['(a+)+$', '%{DATA:x} %{DATA:y} %{NUMBER:n}'] }] },
      { kind: 'kv', source: 'raw' },
      { kind: 'json', source: 'raw' },
      { kind: 'dissect', mapping: { raw: '%{a} %{b}=%{c}' } },
    ];
    const stage = createStage({
      pipelines: [{ id: 'p', name: 'p', enabled: true, sources: [], message: 'parsed', steps }],
      masking: BUILT_IN_MASKS.map((rule) => ({ ...rule, atIngest: true })),
    });
    for (const unit of ['a', 'a=', '"', '1 ', '\\"', 'password ', '@', '1.', ':', '//', 'eyJ', '[']) {
      const line = unit.repeat(Math.ceil(300_000 / unit.length));
      const began = performance.now();
      stage.apply({
        text: line,
        time: 0,
        level: 'info',
        message: line,
        fields: { a: line },
        source: 's',
        host: '',
        path: '',
      });
      // Twenty times what it takes on a slow machine; anything that is not linear takes hours.
      expect(performance.now() - began, JSON.stringify(unit)).toBeLessThan(20_000);
    }
  }, 60_000);
});

describe('what people write', () => {
  it('conditions are taken or refused, never thrown over', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '[a]',
            '"x"',
            '==',
            'in',
            'not',
            'and',
            'or',
            '(',
            ')',
            '!',
            '=~',
            '/x/',
            '5',
            '[',
            ']',
            '"',
            ',',
            '#',
            '\n',
          ),
          {
            maxLength: 12,
          },
        ),
        (parts) => {
          const parsed = parseCondition(parts.join(' '));
          if (!parsed.ok) expect(parsed.error.code).toBe('LOG_CONDITION_INVALID');
        },
      ),
      { numRuns: RUNS * 4 },
    );
  });

  it('files are taken or refused by line, whatever stands in them', () => {
    const good =
      'input { file { path => "/a" } }\nfilter { grok { match => { "message" => "%{WORD:w}" } } }\noutput { elasticsearch { index => "a-%{+YYYY}" } }\n';
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(30), fc.string({ maxLength: 10 }), (at, length, inserted) => {
        const file = good.slice(0, at) + inserted + good.slice(at + length);
        const imported = importLogstash(file, 'f');
        const lines = file.split('\n').length;
        for (const { line } of imported.refused) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: RUNS * 4 },
    );
  });
});

describe('masking', () => {
  const mask = compileMask(
    BUILT_IN_MASKS.map((rule) => ({ ...rule, atIngest: true })),
    'ingest',
  );

  it('twice is once, and a hidden number is gone', () => {
    if (!mask.ok || mask.value === null) throw new Error('no mask');
    const { text: hide } = mask.value;
    fc.assert(
      fc.property(text, text, (before, after) => {
        const masked = hide(`${before} ，手机：13812345678，${after}`);
        expect(masked).not.toContain('13812345678');
        expect(hide(masked)).toBe(masked);
      }),
      { numRuns: RUNS * 2 },
    );
  });
});
