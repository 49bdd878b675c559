import { RE2JS } from 're2js';

/** A regular expression of a dashboard. No text takes it long, whatever the expression (RE2). */
export type Pattern = {
  readonly test: (text: string) => boolean;
  /** The text with the first match replaced; `$1`, `$<name>`, `$&` and `$$` mean what they mean in JavaScript. */
  readonly replace: (text: string, by: string) => string;
};

/**
 * A pattern, bare or as `/…/flags`, as dashboards of Grafana have them. Null for one that RE2 does not know, such as a look
 * ahead: it fits nothing.
 */
export function patternOf(text: string): Pattern | null {
  const [, inside, given = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  const flags =
    (given.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (given.includes('m') ? RE2JS.MULTILINE : 0) |
    (given.includes('s') ? RE2JS.DOTALL : 0);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(inside ?? text, flags);
  } catch {
    return null;
  }
  const groups = compiled.groupCount();
  return {
    test: (subject) => compiled.matcher(subject).find(),
    replace: (subject, by) => {
      const matcher = compiled.matcher(subject);
      if (!matcher.find()) return subject;
      const names = compiled.namedGroups();
      const filled = by.replace(
        /\$(\$|&|<(\w+)>|(\d))/g,
        (whole, sign: string, name?: string, digit?: string) => {
          if (sign === '$') return '$';
          if (sign === '&') return matcher.group() ?? '';
          if (name !== undefined) return name in names ? (matcher.group(name) ?? '') : '';
          const number = Number(digit);
          return number >= 1 && number <= groups ? (matcher.group(number) ?? '') : whole;
        },
      );
      return subject.slice(0, matcher.start()) + filled + subject.slice(matcher.end());
    },
  };
}
