import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../scripts/lib/paths.ts';

/** All code of the window in one text, without the texts for people: what names a text or a class stands in it. */
export function rendererCode(): string {
  return filesBelow('renderer', 'shared')
    .filter((name) => /\.tsx?$/.test(name) && !/locales[\\/](en|zh-CN)[\\/]/.test(name))
    .map((name) => readFileSync(inProject(name), 'utf8'))
    .join('\n');
}

/** The paths of all files below folders of the project. */
export function filesBelow(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
}

/** Beginnings and ends of names that a template puts together: `kind_${kind}` gives `kind_` and nothing. */
export function nameTemplates(code: string): readonly (readonly [before: string, after: string])[] {
  return [...code.matchAll(/([\w-]*)\$\{[^}]*\}([\w-]*)/g)]
    .map(([, before = '', after = '']) => [before, after] as const)
    .filter(([before, after]) => `${before}${after}`.length > 2);
}
