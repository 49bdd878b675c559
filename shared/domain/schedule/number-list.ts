import type { Bilingual } from '../../errors/index.ts';

/** Words one after another: `一、二、三`; `one, two and three`. */
export function allOf(words: readonly string[]): Bilingual {
  const last = words.at(-1) ?? '';
  return {
    zh: words.join('、'),
    en: words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`,
  };
}

/** Ascending numbers, three or more in a row as a span: `1–5、9`. */
export function spans(numbers: readonly number[], name: (n: number) => string = String): Bilingual {
  return allOf(runsOf(numbers).map(([from, to]) => (from === to ? name(from) : `${name(from)}–${name(to)}`)));
}

/** Splits ascending numbers into runs; two neighbours stay apart, because `1–2` is no shorter than `1、2`. */
export function runsOf(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([from, to]): (readonly [number, number])[] =>
    to - from === 1
      ? [
          [from, from],
          [to, to],
        ]
      : [[from, to]],
  );
}
