import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { inProject } from '../../scripts/lib/paths.ts';
import { filesBelow } from './renderer-code.ts';

/** A name that a module exports under its own name, and the text of the statement that does it. */
export type Export = { readonly name: string; readonly isType: boolean; readonly statement: string };

/**
 * What one import takes: `names` of the module `from`, as that module calls them. `'all'` stands where the
 * statement does not say: a namespace, `export *`, an `import()`.
 */
export type Import = { readonly from: string; readonly names: readonly string[] | 'all' };

/** A file of code: its path from the root with forward slashes, and its text with blanks for comments. */
export type Module = {
  readonly path: string;
  readonly code: string;
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
};

/** Every module of the product, its scripts and its tests, read once. */
export function allModules(): readonly Module[] {
  return ['main', 'renderer', 'shared', 'scripts', 'test']
    .flatMap((folder) => filesBelow(folder))
    .concat('vitest.config.ts')
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(?:tsx?|mjs)$/.test(path))
    .map((path) => readModule(path, readFileSync(inProject(path), 'utf8')));
}

/** Reads the imports and exports of one text. Throws when it is not a module that parses. */
export function readModule(path: string, text: string): Module {
  const { module, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const code = comments.reduce(
    (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
    text,
  );
  const statements = module.staticExports.flatMap(({ start, end, entries }) =>
    entries.map((entry) => ({ entry, statement: code.slice(start, end) })),
  );
  const exports = statements.flatMap(({ entry, statement }) =>
    entry.moduleRequest === null && entry.exportName.name !== null
      ? [{ name: entry.exportName.name, isType: entry.isType, statement }]
      : [],
  );
  const handedOn = statements.flatMap(({ entry }) =>
    entry.moduleRequest === null ? [] : [taking(path, entry.moduleRequest.value, entry.importName.name)],
  );
  const taken = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries.length === 0
      ? [{ from: resolved(path, moduleRequest.value), names: [] }]
      : entries.map(({ importName }) => taking(path, moduleRequest.value, importName.name)),
  );
  const late = module.dynamicImports.map(({ moduleRequest }) =>
    taking(path, text.slice(moduleRequest.start + 1, moduleRequest.end - 1), null),
  );
  return { path, code, exports, imports: [...taken, ...handedOn, ...late] };
}

function taking(path: string, request: string, name: string | null): Import {
  return { from: resolved(path, request), names: name === null ? 'all' : [name] };
}

/** The path from the root that a module is asked for by; the names of packages stay as they are. */
function resolved(path: string, request: string): string {
  if (request.startsWith('#shared/')) return request.slice(1);
  return request.startsWith('.') ? posix.join(posix.dirname(path), request) : request;
}

/** Whether a text has a word as a whole. */
export function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w$])${word.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}
