import { expect, test } from 'vitest';
import { allModules, type Export, hasWord, type Module, readModule } from '../../helpers/modules.ts';

const isTest = ({ path }: Module): boolean => path.startsWith('test/');
const isConfiguration = ({ path }: Module): boolean => path.endsWith('.config.ts');

/** Which modules take from which: for each path, the modules that import it and what they name of it. */
type Takers = ReadonlyMap<
  string,
  readonly { readonly by: Module; readonly names: readonly string[] | 'all' }[]
>;

/** An import whose path a template puts together takes from every module that it may mean. */
function takersOf(modules: readonly Module[]): Takers {
  const takers = new Map(
    modules.map(({ path }) => [path, [] as { by: Module; names: readonly string[] | 'all' }[]]),
  );
  for (const by of modules)
    for (const { from, names } of by.imports) {
      const [before = '', after] = from.split(/\$\{\w+\}/);
      const meant =
        after === undefined
          ? [from]
          : [...takers.keys()].filter((path) => path.startsWith(before) && path.endsWith(after));
      for (const path of meant) takers.get(path)?.push({ by, names });
    }
  return takers;
}

/** Why an export should not be there, or undefined. */
function objection(module: Module, { name, isType, statement }: Export, takers: Takers): string | undefined {
  const users = (takers.get(module.path) ?? [])
    .filter(({ by, names }) => (names === 'all' ? hasWord(by.code, name) : names.includes(name)))
    .map(({ by }) => by);
  if (users.some((user) => isTest(module) || !isTest(user))) return undefined;
  const others = module.exports.filter((other) => other.name !== name && other.statement !== statement);
  // What a module exports may speak of a type, and whoever calls it may have to name it one day.
  if (isType && others.some((other) => hasWord(other.statement, name))) return undefined;
  // A part of a module may have tests of its own, but not be there for them alone.
  if (users.length > 0) {
    const isUsedInside = hasWord(module.code.replace(statement, ''), name);
    return isUsedInside ? undefined : 'only tests use it';
  }
  return 'no other file uses it';
}

function needless(modules: readonly Module[]): readonly string[] {
  const takers = takersOf(modules);
  return modules
    .filter((module) => !isConfiguration(module))
    .flatMap((module) =>
      module.exports.flatMap((it) => {
        const why = objection(module, it, takers);
        return why === undefined ? [] : [`${module.path}: ${it.name}: ${why}`];
      }),
    );
}

test('nothing is exported that no other file uses', () => {
  expect(needless(allModules())).toEqual([]);
});

test('an export without a user is found, in whatever way the others are used', () => {
  const modules = [
    readModule(
      'main/a.ts',
      `export const taken = 1; export const alone = 2; export const late = 3; export const tried = inside();
       export function inside(): Spoken { return alone; }
       export type Spoken = number; export type Silent = string; // alone`,
    ),
    readModule('main/b.ts', `import { taken } from './a.ts'; import('./a.ts').then((it) => it.late);`),
    readModule('test/a.test.ts', `import { inside, tried } from '../main/a.ts';`),
  ];
  expect(needless(modules)).toEqual([
    'main/a.ts: alone: no other file uses it',
    'main/a.ts: tried: only tests use it',
    'main/a.ts: Silent: no other file uses it',
  ]);
});
