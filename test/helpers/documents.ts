import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../scripts/lib/paths.ts';

/** A page of the repository: its path from the root with forward slashes, and its text. */
export type Page = { readonly path: string; readonly text: string };

export function readPage(path: string): Page {
  return { path, text: readFileSync(inProject(...path.split('/')), 'utf8') };
}

/** Everything that people read in the repository: both READMEs, the changes, and all of docs/. */
export function allPages(): readonly Page[] {
  const listed = (folder: string): string[] =>
    readdirSync(inProject(...folder.split('/')))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`)
      .toSorted();
  return ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', ...listed('docs'), ...listed('docs/adr')].map(
    readPage,
  );
}

/** The text of a page without its fenced blocks, so that what looks like Markdown in an example is not taken for it. */
function prose({ text }: Page): string {
  return text.replaceAll(/^```.*?^```$/gms, '');
}

/** The lines of the blocks of a page that are commands for a shell; one that ends with a backslash is joined with the next. */
export function shellLines({ text }: Page): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
}

/** What stands between single backquotes, outside of fenced blocks. */
export function inlineCode(page: Page): readonly string[] {
  return [...prose(page).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));
}

/** Headings in their order: level and words. */
export function headings(page: Page): readonly { readonly level: number; readonly title: string }[] {
  return [...prose(page).matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    title,
  }));
}

/** Where the links and pictures of a page lead, as they are written. */
export function linkTargets(page: Page): readonly string[] {
  const text = prose(page).replaceAll(/`[^`]*`/g, '``');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchor that a renderer of GitHub's Markdown makes of a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
