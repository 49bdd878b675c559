import { expect, test } from 'vitest';
import { type ErrorSpec, errorCatalogue } from '../../../shared/errors/index.ts';

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
