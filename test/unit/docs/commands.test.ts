import { expect, test } from 'vitest';
import { createProgram } from '../../../main/engine/cli/program.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { en } from '../../../renderer/locales/en/index.ts';
import { zhCN } from '../../../renderer/locales/zh-CN/index.ts';
import { callsIn, documentedCalls, unknownIn } from '../../helpers/documented-commands.ts';
import { allPages, inlineCode, readPage, shellLines } from '../../helpers/documents.ts';

const pages = allPages();
const program = createProgram();

test.each(pages)('every hmtt command and option in $path exists', (page) => {
  for (const call of documentedCalls(page)) expect(unknownIn(program, call), call.shown).toBeNull();
});

test('commands are found where they are shown, and a wrong one is told', () => {
  expect(pages.flatMap(documentedCalls).length).toBeGreaterThan(100);
  const unknown = (line: string) => callsIn(line).map((call) => unknownIn(program, call));
  expect(unknown('hmtt backup verify core --point ID')).toEqual([null]);
  expect(unknown('hmtt restore list   hmtt restore undo ID [--replace]')).toEqual([null, null]);
  expect(unknown('hmtt --data DIR training begin|end ID')).toEqual([null]);
  expect(unknown('hmtt backup verfy core')).toEqual(['verfy of hmtt backup']);
  expect(unknown('npm run -s hmtt -- backup verify core --deep')).toEqual(['--deep of hmtt backup verify']);
  expect(unknown('hmtt training begin|finish ID')).toEqual(['finish of hmtt training']);
});

test.each([
  ['English', en],
  ['Chinese', zhCN],
])('every hmtt command in the %s texts of the window exists', (_, texts) => {
  // The words of a sentence follow, so only the command's own name can be told from them.
  for (const { shown, words } of callsIn(JSON.stringify(texts).replaceAll(/[。；，、（）“”"\\]/g, ' ')))
    expect(unknownIn(program, { shown, words: words.slice(0, 1) }), shown.slice(0, 60)).toBeNull();
});

test.each(pages)('hmtt commands in $path stand in blocks that say they are for a shell', ({ text }) => {
  const others = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(([, language]) => language !== 'sh');
  // A line of a sudoers file begins with the name of an account.
  for (const [, , block = ''] of others) expect(block).not.toMatch(/^(?:npm|hmtt(?! ALL=)) /m);
});

test('docs/command-line.md names every command of the first level', () => {
  const { text } = readPage('docs/command-line.md');
  for (const command of program.commands) expect(text).toMatch(new RegExp(`hmtt ${command.name()}\\b`));
});

test('every npm script that a page names exists', () => {
  const scripts = new Set(Object.keys(packageJson.scripts));
  for (const page of pages) {
    for (const code of [...shellLines(page), ...inlineCode(page)]) {
      const named = [...code.matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g)];
      for (const [shown, run, own] of named) expect(scripts, `${page.path}: ${shown}`).toContain(run ?? own);
    }
  }
});
