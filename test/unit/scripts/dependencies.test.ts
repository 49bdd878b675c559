import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };

const page = readFileSync(new URL('../../../docs/dependencies.md', import.meta.url), 'utf8');
const [product = '', development = ''] = page.split('## For development');

/** Names in the first column of a table. */
function listed(text: string): string[] {
  const cells = [...text.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

test('docs/dependencies.md lists exactly the dependencies of the product', () => {
  expect(listed(product).toSorted()).toEqual(Object.keys(packageJson.dependencies).toSorted());
});

test('docs/dependencies.md lists exactly the dependencies of development', () => {
  const names = Object.keys(packageJson.devDependencies).filter((name) => !name.startsWith('@types/'));
  expect(
    listed(development)
      .filter((name) => name !== '@types/*')
      .toSorted(),
  ).toEqual(names.toSorted());
});
