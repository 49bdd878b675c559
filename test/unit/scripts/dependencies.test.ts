import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { inProject } from '../../../scripts/lib/paths.ts';
import { allModules } from '../../helpers/modules.ts';
import { filesBelow } from '../../helpers/renderer-code.ts';

const page = readFileSync(new URL('../../../docs/dependencies.md', import.meta.url), 'utf8');
const modules = allModules();
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

test('the product imports each of its dependencies, or something that it imports asks for it as a peer', () => {
  const ofModules = modules
    .filter(({ path }) => /^(?:main|renderer|shared)\//.test(path))
    .flatMap(({ imports }) => imports.map(({ from }) => from));
  const ofSheets = filesBelow('renderer')
    .filter((path) => path.endsWith('.css'))
    .flatMap((path) => [...readFileSync(inProject(path), 'utf8').matchAll(/^@import "(.+?)"/gm)])
    .map(([, from = '']) => from);
  const imported = new Set([...ofModules, ...ofSheets].map(packageOf));
  const names = Object.keys(packageJson.dependencies);
  const peers = new Set(names.filter((name) => imported.has(name)).flatMap(peersOf));
  expect(names.filter((name) => !imported.has(name) && !peers.has(name))).toEqual([]);
});

test('a script, a test or a setting names each dependency of development', () => {
  const code = modules
    .map((module) => module.code)
    .concat(JSON.stringify(packageJson.scripts))
    .join('\n');
  const isNamed = (name: string): boolean =>
    name.startsWith('@types/')
      ? name === '@types/node' || isNamed(name.replace('@types/', ''))
      : new RegExp(`['"\`/ ]${name}['"\`/ ]`).test(code);
  expect(Object.keys(packageJson.devDependencies).filter((name) => !isNamed(name))).toEqual([]);
});

/** The package of an import: `@scope/name/part` is of `@scope/name`. */
function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

function peersOf(name: string): readonly string[] {
  const text = readFileSync(inProject('node_modules', ...name.split('/'), 'package.json'), 'utf8');
  const { peerDependencies = {} } = JSON.parse(text) as { readonly peerDependencies?: object };
  return Object.keys(peerDependencies);
}
