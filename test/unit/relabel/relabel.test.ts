// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Go, not of this language.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelsFromRecord, labelsToRecord } from '#shared/domain/labels.ts';
import { checkRelabelRule } from '#shared/domain/relabel/check.ts';
import { expandTemplate, goLower, goUpper } from '#shared/domain/relabel/go-text.ts';
import { md5 } from '#shared/domain/relabel/md5.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import { RELABEL_DEFAULTS, type RelabelRule } from '#shared/domain/relabel/rule.ts';

const rule = (part: Partial<RelabelRule>): RelabelRule => ({ ...RELABEL_DEFAULTS, ...part });

function run(
  labels: Record<string, string>,
  ...rules: Partial<RelabelRule>[]
): Record<string, string> | null {
  const changed = compileRelabel(rules.map(rule))(labelsFromRecord(labels));
  return changed === null ? null : labelsToRecord(changed);
}

describe('actions, by the cases of relabel_test.go of Prometheus 2.42', () => {
  const abc = { a: 'foo', b: 'bar', c: 'baz' };
  test.each<[string, Record<string, string>, Partial<RelabelRule>[], Record<string, string> | null]>([
    [
      'replace with groups',
      abc,
      [{ sourceLabels: ['a'], regex: 'f(.*)', targetLabel: 'd', replacement: 'ch${1}-ch${1}' }],
      { ...abc, d: 'choo-choo' },
    ],
    [
      'replace after replace',
      abc,
      [
        { sourceLabels: ['a', 'b'], regex: 'f(.*);(.*)r', targetLabel: 'a', replacement: 'b${1}${2}m' },
        { sourceLabels: ['c', 'a'], regex: '(b).*b(.*)ba(.*)', targetLabel: 'd', replacement: '$1$2$2$3' },
      ],
      { a: 'boobam', b: 'bar', c: 'baz', d: 'boooom' },
    ],
    ['drop', abc, [{ sourceLabels: ['a'], regex: '.*o.*', action: 'drop' }], null],
    ['drop that does not match', abc, [{ sourceLabels: ['a'], regex: 'f|o', action: 'drop' }], abc],
    ['keep', abc, [{ sourceLabels: ['a'], regex: 'f.*', action: 'keep' }], abc],
    ['keep is anchored', abc, [{ sourceLabels: ['a'], regex: 'no-match', action: 'keep' }], null],
    [
      'a replacement that comes out empty removes the label',
      abc,
      [{ sourceLabels: ['a'], regex: 'f.*', targetLabel: 'b', replacement: '' }],
      { a: 'foo', c: 'baz' },
    ],
    [
      'hashmod',
      abc,
      [{ sourceLabels: ['c'], targetLabel: 'd', action: 'hashmod', modulus: 1000 }],
      { ...abc, d: '976' },
    ],
    [
      'hashmod of a text with line breaks',
      { a: 'foo\nbar' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'hashmod', modulus: 1000 }],
      { a: 'foo\nbar', b: '734' },
    ],
    [
      'labelmap',
      { a: 'foo', b1: 'bar', b2: 'baz' },
      [{ regex: '(b.*)', replacement: 'bar_${1}', action: 'labelmap' }],
      { a: 'foo', b1: 'bar', b2: 'baz', bar_b1: 'bar', bar_b2: 'baz' },
    ],
    [
      'labeldrop',
      { a: 'foo', b1: 'bar', b2: 'baz' },
      [{ regex: '(b.*)', action: 'labeldrop' }],
      { a: 'foo' },
    ],
    [
      'labelkeep',
      { a: 'foo', b1: 'x', b2: 'y' },
      [{ regex: '(b.*)', action: 'labelkeep' }],
      { b1: 'x', b2: 'y' },
    ],
    [
      'a target from groups',
      { a: 'some-name-value' },
      [{ sourceLabels: ['a'], regex: 'some-([^-]+)-([^,]+)', replacement: '${2}', targetLabel: '${1}' }],
      { a: 'some-name-value', name: 'value' },
    ],
    [
      'an expanded target that is no name',
      { a: 'some-2name-value' },
      [{ sourceLabels: ['a'], regex: 'some-([^-]+)-([^,]+)', replacement: '${2}', targetLabel: '${1}' }],
      { a: 'some-2name-value' },
    ],
    [
      'lowercase',
      { a: 'ΣÀb' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'lowercase' }],
      { a: 'ΣÀb', b: 'σàb' },
    ],
    [
      'uppercase',
      { a: 'straße' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'uppercase' }],
      { a: 'straße', b: 'STRAßE' },
    ],
    [
      'keepequal',
      { a: 'x', b: 'x' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'keepequal' }],
      { a: 'x', b: 'x' },
    ],
    [
      'keepequal that differs',
      { a: 'x', b: 'y' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'keepequal' }],
      null,
    ],
    ['dropequal', { a: 'x', b: 'x' }, [{ sourceLabels: ['a'], targetLabel: 'b', action: 'dropequal' }], null],
    [
      'the default expression does not match a line break',
      { a: 'x\ny' },
      [{ sourceLabels: ['a'], targetLabel: 'b' }],
      { a: 'x\ny' },
    ],
  ])('%s', (_name, labels, rules, expected) => {
    for (const one of rules) expect(checkRelabelRule(rule(one))).toBeNull();
    expect(run(labels, ...rules)).toEqual(expected);
  });
});

test('MD5 is that of the operating system', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(md5(bytes)).toString('hex')).toBe(createHash('md5').update(bytes).digest('hex'));
    }),
  );
});

test('templates are filled as by Go', () => {
  const match = { group: (index: number) => ['whole', 'one', null][index] ?? null, named: { n: 1 } };
  const cases = {
    $1: 'one',
    '${1}x': 'onex',
    $1x: '',
    $$1: '$1',
    $: '$',
    a$: 'a$',
    '${1': '${1',
    '$n-${n}': 'one-one',
  };
  for (const [template, filled] of Object.entries({
    ...cases,
    $0: 'whole',
    $2: '',
    $01: '',
    '${}': '${}',
    '$-': '$-',
  }))
    expect(expandTemplate(template, match)).toBe(filled);
});

test('letters change one by one', () => {
  expect(goLower('İΑΣ')).toBe('iασ');
  expect(goUpper('ßﬁᾳᾀ𐐨')).toBe('ßﬁᾼᾈ𐐀');
});

describe('rules that are refused', () => {
  test.each<[Partial<RelabelRule>, string]>([
    [{ action: 'replace' }, 'targetLabel'],
    [{ action: 'hashmod', targetLabel: 'x' }, 'modulus'],
    [{ action: 'hashmod', targetLabel: '${1}', modulus: 2 }, 'targetLabel'],
    [{ targetLabel: '0x' }, 'targetLabel'],
    [{ targetLabel: `${'a'.repeat(60)}-` }, 'targetLabel'],
    [{ action: 'lowercase', targetLabel: 'x', replacement: 'y' }, 'replacement'],
    [{ action: 'labelmap', replacement: '-' }, 'replacement'],
    [{ action: 'keepequal', targetLabel: 'x', separator: ',' }, 'separator'],
    [{ action: 'labeldrop', sourceLabels: ['a'] }, 'sourceLabels'],
    [{ action: 'keep', regex: '(' }, 'regex'],
    [{ action: 'keep', regex: 'a{1001}' }, 'regex'],
    [{ action: 'keep', sourceLabels: ['a-b'] }, 'sourceLabels'],
  ])('%j', (part, field) => {
    const fault = checkRelabelRule(rule(part));
    expect(fault?.field).toBe(field);
    expect(fault?.why.zh).toMatch(/[\u4e00-\u9fff]/);
  });
});
