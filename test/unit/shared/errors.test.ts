import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from '../../../scripts/lib/paths.ts';
import { appError, type ErrorSpec, errorCatalogue } from '../../../shared/errors/index.ts';
import { allModules } from '../../helpers/modules.ts';

const specs: readonly (readonly [string, ErrorSpec])[] = Object.entries(errorCatalogue);
const holes = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map((match) => (match[1] ?? '').replace(/(Zh|En)$|^(zh|en)$/, ''))
    .toSorted();

test.each(specs)('%s speaks both languages and fills the same holes in both', (code, { message, hint }) => {
  expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
  for (const text of [message, hint]) {
    expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(text.en).not.toMatch(/[\u4e00-\u9fff]/);
    expect([...new Set(holes(text.zh))]).toEqual([...new Set(holes(text.en))]);
  }
});

test('what cannot be found is named in the language of the sentence', () => {
  const { message } = appError('NOT_FOUND', { what: 'host', id: 'db-9' });
  expect(message).toEqual({ zh: '找不到主机“db-9”。', en: 'There is no host "db-9".' });
  expect(appError('NOT_FOUND', { what: 'gadget', id: 'host' }).message.zh).toBe('找不到gadget“host”。');
});

test('everything that the engine may miss has a Chinese word', () => {
  const sources = readdirSync(inProject('main'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const missed = sources.flatMap((name) =>
    [
      ...readFileSync(join(inProject('main'), name), 'utf8').matchAll(
        /(?:'NOT_FOUND',\s*\{\s*what:|\bmissing\()\s*'([^']+)'/g,
      ),
    ].map((match) => match[1] ?? ''),
  );
  expect(missed.length).toBeGreaterThan(40);
  const words = errorCatalogue.NOT_FOUND.words.what;
  expect([...new Set(missed)].filter((what) => !(what in words))).toEqual([]);
});

test('every code is given by something', () => {
  const code = allModules()
    .filter(({ path }) => !path.startsWith('test/') && !path.startsWith('shared/errors/catalogue/'))
    .map((module) => module.code)
    .join('\n');
  const words = new Set(code.match(/\b[A-Z][A-Z0-9_]+\b/g));
  expect(Object.keys(errorCatalogue).filter((name) => !words.has(name))).toEqual([]);
});
