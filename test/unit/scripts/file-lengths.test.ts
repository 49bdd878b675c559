import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inProject } from '../../../scripts/lib/paths.ts';
import { filesBelow } from '../../helpers/renderer-code.ts';

/** A file that is longer does more than one thing, or has a reason that stands below. */
const MOST_LINES = 400;

/** Longer files, each with why it is better whole. */
const reasons: Readonly<Record<string, string>> = {
  'test/fixtures/starter-cases.ts': 'One list: a case for each rule of the starter set, in its order.',
};

const lengths = new Map(
  filesBelow('main', 'renderer', 'shared', 'scripts', 'test')
    .filter((path) => /\.(?:tsx?|mjs|css)$/.test(path))
    .map((path) => [
      path.replaceAll('\\', '/'),
      readFileSync(inProject(path), 'utf8').trimEnd().split('\n').length,
    ]),
);

test(`no file has more than ${MOST_LINES} lines without a reason`, () => {
  const long = [...lengths].filter(([path, lines]) => lines > MOST_LINES && reasons[path] === undefined);
  expect(long).toEqual([]);
});

test('every reason is for a file that needs it', () => {
  expect(Object.keys(reasons).filter((path) => (lengths.get(path) ?? 0) <= MOST_LINES)).toEqual([]);
});
