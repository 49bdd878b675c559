import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from '../../../scripts/lib/paths.ts';
import {
  allPages,
  anchorOf,
  headings,
  inlineCode,
  linkTargets,
  readPage,
  shellLines,
} from '../../helpers/documents.ts';

const pages = allPages();
const english = readPage('README.md');
const chinese = readPage('README.zh-CN.md');

test.each(pages)('every link of $path leads somewhere', (page) => {
  for (const target of linkTargets(page).filter((link) => !/^https?:/.test(link))) {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
    expect(existsSync(inProject(...path.split('/'))), target).toBe(true);
    if (anchor === undefined) continue;
    const anchors = headings(readPage(path)).map(({ title }) => anchorOf(title));
    expect(anchors, target).toContain(decodeURIComponent(anchor));
  }
});

test.each([english, chinese])('$path leads to every page of docs/', (readme) => {
  const listed = linkTargets(readme).map((target) => target.split('#')[0]);
  const there = pages.map(({ path }) => path).filter((path) => posix.dirname(path) === 'docs');
  expect(there.filter((path) => !listed.includes(path))).toEqual([]);
});

test('docs/architecture.md shows every folder of the source tree', () => {
  const tree = /## The source tree\n\n```\n(.*?)```/s.exec(readPage('docs/architecture.md').text)?.[1] ?? '';
  for (const folder of ['main', 'main/engine', 'shared', 'renderer', 'scripts', 'test']) {
    const entries = readdirSync(inProject(...folder.split('/')), { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isDirectory()))
      expect(tree, folder).toContain(`${name}/`);
  }
});

test('docs/architecture.md lists every decision by its title', () => {
  const architecture = readPage('docs/architecture.md');
  const decisions = pages.filter(({ path }) => posix.dirname(path) === 'docs/adr');
  const listed = [...architecture.text.matchAll(/^\| \[(\d{3})\]\((adr\/\1-[^)]+)\) \| (.+?) \|/gm)].map(
    ([, number, file, title]) => ({ number, path: `docs/${file}`, title }),
  );
  const real = decisions.map((page) => {
    const [, number, title] = /^(\d{3}) · (.+)$/.exec(headings(page)[0]?.title ?? '') ?? [];
    return { number, path: page.path, title };
  });
  expect(listed).toEqual(real);
});

test('numbers of decisions follow one another', () => {
  const numbers = pages.flatMap(({ path }) => /^docs\/adr\/(\d{3})-/.exec(path)?.[1] ?? []);
  expect(numbers.map(Number)).toEqual(numbers.map((_, i) => i + 1));
});

test('both READMEs have the same sections, tables and links', () => {
  const shape = (page: typeof english) => ({
    sections: headings(page).map(({ level }) => level),
    rows: page.text.split('\n').filter((line) => line.startsWith('|')).length,
    items: page.text.split('\n').filter((line) => line.startsWith('- ')).length,
    links: linkTargets(page)
      .map((target) => target.replace('README.zh-CN.md', 'README.md').replace('/zh-CN/', '/en/'))
      .toSorted(),
  });
  expect(shape(chinese)).toEqual(shape(english));
});

test('both READMEs show the same commands', () => {
  // What stands for a value is a word of the language.
  const commands = (page: typeof english) =>
    [...shellLines(page), ...inlineCode(page)]
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => /^(?:npm|hmtt|git|cd|zstd|age) /.test(line))
      .map((line) => line.replaceAll(/\b[A-Z]{2,}\b|[\u4e00-\u9fff]+/g, 'X'))
      .toSorted();
  expect(commands(chinese)).toEqual(commands(english));
});
