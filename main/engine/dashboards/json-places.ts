/** A place in a text, both from 1. */
export type TextPlace = { readonly line: number; readonly column: number };

/** What is wrong with a JSON text, and where. */
export type JsonFault = TextPlace & { readonly why: string };

/** A file nested deeper than this is none that a person or a program wrote for dashboards. */
const DEEPEST_JSON = 100;

function placeAt(text: string, offset: number): TextPlace {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

const ESCAPED = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/** Goes through a JSON text token by token; it does not recurse, whatever the nesting. */
class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  /** Over a string; false when it has no end or a character that must not stand there. */
  skipString(): boolean {
    this.at++;
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === 34) {
        this.at++;
        return true;
      }
      if (code < 32) return false;
      if (code === 92) {
        ESCAPED.lastIndex = this.at;
        if (!ESCAPED.test(this.text)) return false;
        this.at = ESCAPED.lastIndex - 1;
      }
    }
    return false;
  }

  skipLiteral(): boolean {
    LITERAL.lastIndex = this.at;
    if (!LITERAL.test(this.text)) return false;
    this.at = LITERAL.lastIndex;
    return true;
  }
}

/** An object or array that is being read: at which member. */
type Level = { readonly close: '}' | ']'; key: string; index: number };

/**
 * Reads through a JSON text.
 *
 * @param onValue hears where every value begins, with the objects and arrays around it; stops when it answers true
 * @returns what is wrong, or null
 */
function walk(text: string, onValue: (levels: readonly Level[], at: number) => boolean): JsonFault | null {
  const scan = new Scanner(text);
  const levels: Level[] = [];
  const fault = (why: string): JsonFault => ({ ...placeAt(text, Math.min(scan.at, text.length)), why });
  const key = (level: Level): JsonFault | null => {
    scan.skipSpace();
    if (text[scan.at] !== '"') return fault('a member needs a name in double quotes');
    const from = scan.at;
    if (!scan.skipString()) return fault('this text in quotes is not complete');
    level.key = JSON.parse(text.slice(from, scan.at)) as string;
    scan.skipSpace();
    if (text[scan.at] !== ':') return fault('":" is missing');
    scan.at++;
    return null;
  };
  let expectsValue = true;
  for (;;) {
    scan.skipSpace();
    if (expectsValue) {
      const char = text[scan.at];
      if (char === undefined) return fault('the text ends too early');
      if (onValue(levels, scan.at)) return null;
      if (char === '{' || char === '[') {
        if (levels.length >= DEEPEST_JSON) return fault(`nested deeper than ${DEEPEST_JSON}`);
        const level: Level = { close: char === '{' ? '}' : ']', key: '', index: 0 };
        scan.at++;
        scan.skipSpace();
        if (text[scan.at] === level.close) {
          scan.at++;
          expectsValue = false;
          continue;
        }
        levels.push(level);
        const wrong = level.close === '}' ? key(level) : null;
        if (wrong !== null) return wrong;
        continue;
      }
      if (char === '"') {
        if (!scan.skipString()) return fault('this text in quotes is not complete');
      } else if (!scan.skipLiteral()) return fault('this is no value');
      expectsValue = false;
      continue;
    }
    const level = levels.at(-1);
    const char = text[scan.at];
    if (level === undefined) return char === undefined ? null : fault('something follows the end');
    scan.at++;
    if (char === level.close) {
      levels.pop();
      continue;
    }
    if (char !== ',') {
      scan.at--;
      return fault(char === undefined ? 'the text ends too early' : `"," or "${level.close}" is missing`);
    }
    level.index++;
    const wrong = level.close === '}' ? key(level) : null;
    if (wrong !== null) return wrong;
    expectsValue = true;
  }
}

/** A JSON text's value, or what is wrong with it. */
export function readJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault } {
  // A byte order mark is what some editors put before everything.
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const fault = walk(bare, () => false);
  return fault === null ? { ok: true, value: JSON.parse(bare) } : { ok: false, fault };
}

/** Where the value of a path begins, or the innermost value around it that there is. */
export function placeOf(text: string, path: readonly PropertyKey[]): TextPlace {
  let best = 0;
  let bestLength = -1;
  walk(text, (levels, at) => {
    if (levels.length > path.length || levels.length < bestLength) return false;
    const fits = levels.every((level, i) =>
      level.close === '}' ? level.key === path[i] : level.index === path[i],
    );
    if (fits && levels.length > bestLength) {
      best = at;
      bestLength = levels.length;
    }
    return bestLength === path.length;
  });
  return placeAt(text, best);
}
