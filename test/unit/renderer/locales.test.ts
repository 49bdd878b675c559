import { describe, expect, it } from 'vitest';
import { en } from '../../../renderer/locales/en/index.ts';
import { zhCN } from '../../../renderer/locales/zh-CN/index.ts';
import { nameTemplates, rendererCode } from '../../helpers/renderer-code.ts';

/** Every sentence of a tree of texts with its dotted key. */
function leaves(tree: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' ? [[at, value] as const] : leaves(value as object, at);
  });
}

const chinese = new Map(leaves(zhCN));
const english = new Map(leaves(en));
const han = /\p{Script=Han}/u;

/** Sentences that rightly have no Chinese character in the Chinese interface: names and units. */
const nameless = /^(CPU|TLS|HTTPS?|CSV|syslog|.*\{\{.*\}\}.*|[^\p{L}]*)$/u;

describe('the texts of the interface', () => {
  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('are never empty', () => {
    const empty = [...chinese, ...english].filter(([, text]) => text.trim() === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it('fill in the same values in both languages', () => {
    const holes = (text: string): string => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join(' ');
    const different = [...chinese].filter(([key, text]) => holes(text) !== holes(english.get(key) ?? ''));
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it('are Chinese in the Chinese interface', () => {
    const foreign = [...chinese].filter(([, text]) => !han.test(text) && !nameless.test(text));
    expect(foreign.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });

  it('are English in the English interface, but for the name of the other language', () => {
    const foreign = [...english].filter(
      ([key, text]) => han.test(text) && key !== 'common.palette.toChinese',
    );
    expect(foreign.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });

  it('use full-width punctuation between Chinese characters, but for a line that a program reads', () => {
    const wrong = [...chinese].filter(
      ([key, text]) => /\p{Script=Han}[,;:?!]/u.test(text) && key !== 'inventory.importer.headerList',
    );
    expect(wrong.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });

  it('are each named somewhere in the code, whole or put together from a beginning, an end and a word of the program', () => {
    const code = rendererCode();
    const words = new Set(code.match(/\w+/g));
    const templates = nameTemplates(code);
    const isNamed = (leaf: string): boolean =>
      words.has(leaf) ||
      code.includes(`'${leaf}'`) ||
      templates.some(
        ([before, after]) =>
          leaf.length > before.length + after.length && leaf.startsWith(before) && leaf.endsWith(after),
      );
    const forgotten = [...english.keys()].filter(
      (key) => !isNamed((key.split('.').at(-1) ?? '').replace(/_(zero|one|two|few|many|other)$/, '')),
    );
    expect(forgotten).toEqual([]);
  });
});
