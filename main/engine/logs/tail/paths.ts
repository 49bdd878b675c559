import { anyGlob, type PathMatcher } from '#shared/domain/glob.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Found, type FoundFile, findFiles, type PathPattern, parsePathPattern } from './glob.ts';

/** All paths of one source, and what is left out of them. */
export type SourcePaths = {
  readonly patterns: readonly PathPattern[];
  readonly isExcluded: PathMatcher;
};

/** Parses the paths of a source; the error names the one that is wrong. */
export function parseSourcePaths(source: {
  readonly path: string;
  readonly more?: readonly string[];
  readonly exclude?: readonly string[];
}): Result<SourcePaths> {
  const patterns: PathPattern[] = [];
  for (const [index, path] of [source.path, ...(source.more ?? [])].entries()) {
    const pattern = parsePathPattern(path);
    if (!pattern.ok)
      return err(index === 0 ? pattern.error : { ...pattern.error, field: `more[${index - 1}]` });
    patterns.push(pattern.value);
  }
  const exclude = source.exclude ?? [];
  const broken = exclude.findIndex((glob) => glob.includes('\0'));
  if (broken >= 0)
    return err(
      appError(
        'LOG_PATH_PATTERN',
        { path: exclude[broken] ?? '', why: 'NUL' },
        { field: `exclude[${broken}]` },
      ),
    );
  // Without a slash a pattern is about names, as in `*.gz`.
  return ok({ patterns, isExcluded: anyGlob(exclude) });
}

/** Finds the files of all paths, each once, sorted; what is left out is not looked at. */
export function findSourceFiles(paths: SourcePaths): Found {
  const [only, ...others] = paths.patterns;
  if (only === undefined) return { files: [], problems: [] };
  const found = findFiles(only);
  if (others.length === 0)
    return { files: found.files.filter(({ path }) => !paths.isExcluded(path)), problems: found.problems };
  const files = new Map<string, FoundFile>();
  const problems = new Map<string, string>();
  for (const part of [found, ...others.map(findFiles)]) {
    for (const file of part.files) if (!paths.isExcluded(file.path)) files.set(file.path, file);
    for (const { path, why } of part.problems) problems.set(path, why);
  }
  return {
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    problems: [...problems].map(([path, why]) => ({ path, why })),
  };
}
