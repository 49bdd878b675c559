import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inProject } from '../../../scripts/lib/paths.ts';
import { filesBelow, nameTemplates, rendererCode } from '../../helpers/renderer-code.ts';

/** Classes that libraries give to what they draw: CodeMirror and uPlot. */
const OF_LIBRARIES = /^(cm-|u-|uplot)/;

test('every class of the style sheets is given to something', () => {
  const code = rendererCode();
  const words = new Set(code.match(/[\w-]+/g));
  const templates = nameTemplates(code);
  const isGiven = (name: string): boolean =>
    OF_LIBRARIES.test(name) ||
    words.has(name) ||
    templates.some(([before, after]) => name.startsWith(before) && name.endsWith(after));
  const forgotten = filesBelow('renderer')
    .filter((path) => path.endsWith('.css'))
    .flatMap((path) => {
      const sheet = readFileSync(inProject(path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
      const selectors = sheet.replace(/\{[^{}]*\}/g, '{}');
      const names = [...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name ?? '');
      return names.filter((name) => !isGiven(name)).map((name) => `${path}: .${name}`);
    });
  expect(forgotten).toEqual([]);
});
