/** Says whether a path matches; paths have `/` between names. */
export type PathMatcher = (path: string) => boolean;

type Token =
  | { readonly kind: 'text'; readonly char: string }
  /** `?`: one character that is not a slash. */
  | { readonly kind: 'one' }
  /** `[a-z]`, `[!a-z]`: one character of a set; never a slash. */
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    }
  /** `*`: any run without a slash. */
  | { readonly kind: 'star' }
  /** `**`: any run, slashes included. */
  | { readonly kind: 'globstar' }
  /** The start of `**` and a slash: any number of whole folders, none included. */
  | { readonly kind: 'folders' }
  /** Always after `folders`: inside the name of one of them. */
  | { readonly kind: 'folder-name' };

function parseSet(pattern: string, from: number): { token: Token; next: number } | null {
  let at = from + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const ranges: (readonly [string, string])[] = [];
  let first = true;
  while (at < pattern.length && (first || pattern[at] !== ']')) {
    first = false;
    const low = pattern[at] ?? '';
    if (pattern[at + 1] === '-' && at + 2 < pattern.length && pattern[at + 2] !== ']') {
      ranges.push([low, pattern[at + 2] ?? '']);
      at += 3;
    } else {
      ranges.push([low, low]);
      at += 1;
    }
  }
  return pattern[at] === ']' ? { token: { kind: 'set', negated, ranges }, next: at + 1 } : null;
}

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      const run = /^\*+/.exec(pattern.slice(at))?.[0].length ?? 1;
      const isWholeName = at === 0 || pattern[at - 1] === '/';
      at += run;
      if (run > 1 && isWholeName && pattern[at] === '/') {
        tokens.push({ kind: 'folders' }, { kind: 'folder-name' });
        at += 1;
      } else tokens.push({ kind: run > 1 ? 'globstar' : 'star' });
    } else if (char === '?') {
      tokens.push({ kind: 'one' });
      at += 1;
    } else if (char === '[') {
      const set = parseSet(pattern, at);
      tokens.push(set?.token ?? { kind: 'text', char });
      at = set?.next ?? at + 1;
    } else if (char === '\\' && at + 1 < pattern.length) {
      tokens.push({ kind: 'text', char: pattern[at + 1] ?? '' });
      at += 2;
    } else {
      tokens.push({ kind: 'text', char });
      at += 1;
    }
  }
  return tokens;
}

function accepts(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.char === char;
    case 'one':
    case 'star':
      return char !== '/';
    case 'globstar':
    case 'folders':
    case 'folder-name':
      return true;
    case 'set': {
      if (char === '/') return false;
      const inside = token.ranges.some(([low, high]) => char >= low && char <= high);
      return inside !== token.negated;
    }
  }
}

/** The state after a token took a character. */
function after(token: Token, index: number, char: string): number {
  switch (token.kind) {
    case 'star':
    case 'globstar':
      return index;
    case 'folders':
      return char === '/' ? index : index + 1;
    case 'folder-name':
      return char === '/' ? index - 1 : index;
    default:
      return index + 1;
  }
}

/** Marks a state and those that follow it without a character. */
function open(tokens: readonly Token[], states: Uint8Array, index: number): void {
  for (let at = index; ; ) {
    states[at] = 1;
    const kind = tokens[at]?.kind;
    if (kind === 'star' || kind === 'globstar') at += 1;
    else if (kind === 'folders') at += 2;
    else return;
  }
}

/**
 * Simulates the pattern as a state machine, all states at once: time is at most pattern × path, whatever the pattern,
 * so that an operator's pattern cannot make a run hang as a back-tracking regular expression can.
 */
function run(tokens: readonly Token[], path: string): boolean {
  let states = new Uint8Array(tokens.length + 1);
  open(tokens, states, 0);
  for (const char of path) {
    const next = new Uint8Array(tokens.length + 1);
    let isAlive = false;
    for (const [index, token] of tokens.entries()) {
      if (states[index] !== 1 || !accepts(token, char)) continue;
      isAlive = true;
      open(tokens, next, after(token, index, char));
    }
    if (!isAlive) return false;
    states = next;
  }
  return states[tokens.length] === 1;
}

/**
 * Makes a matcher of a shell-like pattern: `*` and `?` stay inside a name, `**` crosses slashes, a name `**` stands for any number of folders, `[a-z]` and `[!a-z]` are
 * sets, a backslash takes the next character as it is.
 *
 * A pattern without a slash matches the last name anywhere (`*.tmp`); with one it matches the whole path, whose leading
 * slash does not matter. A trailing slash of the pattern is ignored.
 */
export function globMatcher(pattern: string): PathMatcher {
  const trimmed = pattern.replace(/\/+$/, '');
  const anywhere = !trimmed.includes('/');
  const body = trimmed.replace(/^\/+/, '');
  const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const subject = anywhere ? lastName : (path: string): string => path.replace(/^\/+/, '');
  if (!/[*?[\\]/.test(body)) return (path) => subject(path) === body;
  const tokens = tokenize(body);
  return (path) => run(tokens, subject(path));
}

/** Matches when any of the patterns does; with none, never. */
export function anyGlob(patterns: readonly string[]): PathMatcher {
  const matchers = patterns.map(globMatcher);
  return (path) => matchers.some((matches) => matches(path));
}
