import { RE2JS } from 're2js';

/** An expression of Logstash, run by RE2. */
export type RubyPattern = {
  /** As it was written. */
  readonly source: string;
  readonly matcher: (text: string) => ReturnType<RE2JS['matcher']>;
  readonly namedGroups: Readonly<Record<string, number>>;
  readonly groupCount: number;
  /** How many instructions RE2 made of it: what a character of a text costs at most. */
  readonly programSize: number;
};

const FLAGS = /(?<!\\)\(\?([a-z]*)(-[a-z]+)?(?=[:)])/g;

/**
 * Compiles an expression as Ruby means it, in which Logstash's are written: `^` and `$` stand at every line of a text, and
 * `(?m)` lets `.` match line ends. Throws what RE2 says of an expression that it does not take.
 */
export function compileRuby(source: string): RubyPattern {
  const written = source.replace(
    FLAGS,
    (_all, on: string, off = '') => `(?${on.replaceAll('m', 's')}${off.replaceAll('m', 's')}`,
  );
  const single = RE2JS.compile(written);
  let lines: RE2JS | null = null;
  return {
    source,
    namedGroups: single.namedGroups(),
    groupCount: single.groupCount(),
    programSize: single.programSize(),
    matcher: (text) => {
      // On a single line both mean the same, and an anchored expression need not look at the rest of it.
      if (!text.includes('\n')) return single.matcher(text);
      lines ??= RE2JS.compile(written, RE2JS.MULTILINE);
      return lines.matcher(text);
    },
  };
}
