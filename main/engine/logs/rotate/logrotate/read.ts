import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** A directive with its place; `script` holds the lines up to `endscript`. */
export type Directive = {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly script: string | null;
};

/** A part of a configuration, in its order: a setting for all that follows, or a block for some logs. */
export type Part =
  | { readonly kind: 'global'; readonly directive: Directive }
  | {
      readonly kind: 'block';
      readonly file: string;
      readonly line: number;
      readonly paths: readonly string[];
      readonly directives: readonly Directive[];
    };

const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove']);
const MAX_FILES = 1000;
const MAX_DEPTH = 10;
const MAX_BYTES = 1 << 20;

/** Splits a line into words; quotes hold spaces together. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)/g)].map(
    (match) => match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? '',
  );
}

/** Reads one file's text into parts; nothing is included yet. */
export function parseLogrotate(file: string, text: string): Result<readonly Part[]> {
  const parts: Part[] = [];
  const lines = text.split('\n');
  let paths: string[] = [];
  let block: { readonly line: number; readonly paths: string[]; readonly directives: Directive[] } | null =
    null;
  const failed = (line: number, directive: string): Result<never> =>
    err(appError('LOGROTATE_REFUSED', { file, line, directive }, { line }));
  for (let at = 0; at < lines.length; at += 1) {
    let rest = (lines[at] ?? '').trim();
    const line = at + 1;
    while (rest !== '' && !rest.startsWith('#')) {
      if (block !== null && rest.startsWith('}')) {
        parts.push({ kind: 'block', file, ...block });
        block = null;
        rest = rest.slice(1).trim();
        continue;
      }
      if (block === null && (/^["'/~]/.test(rest) || (paths.length > 0 && rest.startsWith('{')))) {
        const open = openingBrace(rest);
        paths.push(...wordsOf(open < 0 ? rest : rest.slice(0, open)));
        rest = open < 0 ? '' : rest.slice(open + 1).trim();
        if (open < 0) continue;
        block = { line, paths, directives: [] };
        paths = [];
        continue;
      }
      if (paths.length > 0) return failed(line, rest);
      const [, name = '', tail = ''] = /^([^\s=]+)\s*=?\s*(.*)$/s.exec(rest) ?? [];
      let script: string | null = null;
      let args = tail;
      if (SCRIPTS.has(name)) {
        const body: string[] = [];
        for (at += 1; (lines[at] ?? '').trim() !== 'endscript'; at += 1) {
          if (at >= lines.length) return failed(line, `${name}: endscript`);
          body.push(lines[at] ?? '');
        }
        script = body.join('\n').trim();
        args = '';
        rest = '';
      } else {
        // A closing brace may stand behind the last directive.
        const close: number = block === null ? -1 : args.search(/\s*}\s*(?:#.*)?$/);
        rest = close < 0 ? '' : args.slice(close).trim();
        if (close >= 0) args = args.slice(0, close);
      }
      const directive: Directive = { file, line, name, args: wordsOf(args.replace(/\s#.*$/, '')), script };
      if (block === null) parts.push({ kind: 'global', directive });
      else block.directives.push(directive);
    }
  }
  if (block !== null) return failed(block.line, '{');
  return paths.length > 0 ? failed(lines.length, paths[0] ?? '') : ok(parts);
}

/** Where a block begins on a line of paths; a brace inside quotes is part of a name. */
function openingBrace(text: string): number {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') return at;
  }
  return -1;
}

/** Names that logrotate leaves alone in included folders. */
const TABOO = [
  ',v',
  '.bak',
  '.cfsaved',
  '.disabled',
  '.dpkg-bak',
  '.dpkg-del',
  '.dpkg-dist',
  '.dpkg-new',
  '.dpkg-old',
  '.dpkg-tmp',
  '.rhn-cfg-tmp-',
  '.rpmnew',
  '.rpmorig',
  '.rpmsave',
  '.swp',
  '.ucf-dist',
  '.ucf-new',
  '.ucf-old',
  '~',
];

/** All parts of a configuration with what it includes, in the order in which logrotate reads them. */
export function readLogrotate(
  path: string,
  text: string | undefined,
): Result<{ readonly parts: readonly Part[]; readonly files: readonly string[] }> {
  const files: string[] = [];
  let taboo: readonly string[] = TABOO;
  const parts: Part[] = [];
  const read = (file: string, given: string | undefined, depth: number): Result<object> => {
    if (files.length >= MAX_FILES || depth > MAX_DEPTH)
      return err(appError('LOGROTATE_REFUSED', { file, line: 1, directive: 'include' }));
    files.push(file);
    let content = given;
    if (content === undefined)
      try {
        if (statSync(file).size > MAX_BYTES) throw new Error('larger than 1 MiB');
        content = readFileSync(file, 'utf8');
      } catch (thrown) {
        return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
      }
    const parsed = parseLogrotate(file, content);
    if (!parsed.ok) return parsed;
    for (const part of parsed.value) {
      if (part.kind === 'global' && part.directive.name === 'tabooext') {
        const { args } = part.directive;
        const list = args.flatMap((word) => word.split(',')).filter((word) => word !== '' && word !== '+');
        taboo = args[0]?.startsWith('+') ? [...taboo, ...list.map((word) => word.replace(/^\+/, ''))] : list;
        continue;
      }
      if (part.kind !== 'global' || part.directive.name !== 'include') {
        parts.push(part);
        continue;
      }
      const included = includedFiles(part.directive, taboo);
      if (!included.ok) return included;
      for (const one of included.value) {
        const done = read(one, undefined, depth + 1);
        if (!done.ok) return done;
      }
    }
    return ok({});
  };
  const done = read(path, text, 0);
  return done.ok ? ok({ parts, files }) : done;
}

function includedFiles({ args, file, line }: Directive, taboo: readonly string[]): Result<readonly string[]> {
  const [path = ''] = args;
  if (!path.startsWith('/'))
    return err(appError('LOGROTATE_REFUSED', { file, line, directive: `include ${path}` }, { line }));
  try {
    if (!statSync(path).isDirectory()) return ok([path]);
    return ok(
      readdirSync(path)
        .filter((name) => !name.startsWith('.') && !taboo.some((ending) => isTaboo(name, ending)))
        .sort()
        .map((name) => join(path, name))
        .filter((one) => statSync(one).isFile()),
    );
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file: path, why: describeThrown(thrown) }, { line }));
  }
}

const isTaboo = (name: string, ending: string): boolean =>
  ending.endsWith('-') ? basename(name).includes(ending) : name.endsWith(ending);
