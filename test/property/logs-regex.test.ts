import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { overLines, toBytes } from '../../main/engine/logs/search/regex/byte-program.ts';
import { LazyDfa } from '../../main/engine/logs/search/regex/lazy-dfa.ts';
import { compileRegex } from '../../main/engine/logs/search/regex/regex.ts';
import { compileRunes } from '../../main/engine/logs/search/regex/rune-program.ts';

const ATOMS = [
  ...['a', 'b', 'ab', '\\d', '\\w', '.', '[a-c]', '[^a]', '\\s', ' ', '-', '磁', '盘', '[磁盘]', 'é', '𠀀'],
  ...['\\b', '\\B', '^', '$', '\\A', '\\z', '(?m:^)', '(?m:$)', '(?i:k)', '(?i:é)', '(?i:盘a)', '\\p{Han}'],
];
const expression = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
      .map(([a, n]) => `(?:${a})${n}`),
  ),
})).node;
const text = fc
  .array(fc.constantFrom(...'abcAKkÉé1_ -磁盘\n𠀀x'), { maxLength: 10 })
  .map((chars) => chars.join(''));

/** All texts one behind the other, with one byte between. */
function packed(texts: readonly string[]): { data: Buffer; starts: Uint32Array; stops: Uint32Array } {
  const parts = texts.map((one) => Buffer.from(one));
  const starts = new Uint32Array(parts.length);
  const stops = new Uint32Array(parts.length);
  let at = 0;
  parts.forEach((part, i) => {
    starts[i] = at;
    stops[i] = at + part.length;
    at += part.length + 1;
  });
  return { data: Buffer.from(texts.join('\n')), starts, stops };
}

describe('regular expressions over bytes', () => {
  it('match what RE2 matches, alone, two at a time, and with a table that is emptied all the time', () => {
    fc.assert(
      fc.property(expression, fc.boolean(), fc.array(text, { maxLength: 9 }), (source, ignoreCase, texts) => {
        const regex = compileRegex({ source, ignoreCase });
        const runes = compileRunes({ source, ignoreCase });
        if (!regex.ok || !runes.ok) return;
        const program = toBytes(runes.value, 60_000);
        if (program === null) throw new Error('so large an expression was not meant');
        const small = new LazyDfa(program, 1);
        const judge = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
        const wanted = texts.map((one) => judge.matcher(one).find());
        const { data, starts, stops } = packed(texts);
        const all = Uint32Array.from(texts, (_, i) => i);
        for (const matcher of [regex.value, small]) {
          const alone = texts.map((_, i) => matcher.matches(data, starts[i] ?? 0, stops[i] ?? 0));
          expect(alone).toEqual(wanted);
          const many = texts.map(() => false);
          matcher.matchMany(data, starts, stops, all, (i) => {
            many[i] = true;
          });
          expect(many).toEqual(wanted);
        }
        const lines = Buffer.from(`${texts.join('\n')}\n`);
        for (const places of [
          regex.value.places(lines, 0, lines.length, 1e9),
          new LazyDfa(overLines(program), 1).placesInLines(lines, 0, lines.length, 1e9),
          new LazyDfa(overLines(program)).placesInLines(lines, 0, lines.length, 1e9),
        ])
          texts.forEach((_, i) => {
            if (!wanted[i] || places === null) return;
            const [start, stop] = [starts[i] ?? 0, stops[i] ?? 0];
            expect(places.some((place) => place >= start && place <= stop)).toBe(true);
          });
        texts.forEach((one, i) => {
          if (!wanted[i]) return;
          for (const literal of regex.value.literals) {
            // What stands in any case is compared by the letters that have no third form.
            if (literal.fold) continue;
            expect(one).toContain(literal.text);
            if (literal.atStart) expect(one.startsWith(literal.text)).toBe(true);
            if (literal.atEnd) expect(one.endsWith(literal.text)).toBe(true);
          }
        });
      }),
      { numRuns: Number(process.env.HMTT_REGEX_RUNS ?? 1500) },
    );
  });

  it('match what ripgrep matches', () => {
    const dir = mkdtempSync(join(tmpdir(), 'hmtt-regex-'));
    try {
      const lines = fc.sample(text, { numRuns: 400, seed: 7 }).map((one) => one.replaceAll('\n', ' '));
      const file = join(dir, 'lines');
      writeFileSync(file, `${lines.join('\n')}\n`);
      const { data, starts, stops } = packed(lines);
      for (const source of [
        'a.c',
        '^[ab]+ ',
        '磁.?盘',
        '(a|b)+[^a]1$',
        '[0-9]_*k',
        '(?i)É.*k',
        'x{2,}|盘$',
      ]) {
        const regex = compileRegex({ source, ignoreCase: false });
        if (!regex.ok) throw new Error(regex.error.message.en);
        const found: number[] = [];
        regex.value.matchMany(
          data,
          starts,
          stops,
          Uint32Array.from(lines, (_, i) => i),
          (i) => found.push(i + 1),
        );
        let told = '';
        try {
          told = execFileSync('rg', ['-n', '--', source, file], { encoding: 'utf8' });
        } catch (thrown) {
          // rg ends with 1 when nothing matches.
          if ((thrown as { readonly status?: unknown }).status !== 1) throw thrown;
        }
        const numbers = told
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => Number(line.split(':')[0]));
        expect(found, source).toEqual(numbers);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('take time in proportion to the text, whatever the expression', () => {
    const data = Buffer.from('a'.repeat(200_000));
    for (const source of ['(a*)*b', '(a|aa)+$b', '(a|a)*c', '(.*)(.*)(.*)(.*)x', '[ab]*a[ab]{14}c']) {
      const regex = compileRegex({ source, ignoreCase: false });
      if (!regex.ok) throw new Error(regex.error.message.en);
      const began = performance.now();
      expect(regex.value.matches(data, 0, data.length), source).toBe(false);
      expect(performance.now() - began, source).toBeLessThan(15_000);
    }
  });

  it('refuse what RE2 refuses, and what would be too large', () => {
    for (const source of ['(a', '(a)\\1', '(?=a)', 'a{1001}', '\\pL{900}'])
      expect(compileRegex({ source, ignoreCase: false }), source).toMatchObject({
        ok: false,
        error: { code: 'LOG_QUERY_REGEX' },
      });
  });
});
