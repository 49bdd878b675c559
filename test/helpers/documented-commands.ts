import type { Command, Option } from 'commander';
import { inlineCode, type Page, shellLines } from './documents.ts';

/** A way of calling `hmtt` that a text shows: its words without the name of the program. */
export type Call = { readonly shown: string; readonly words: readonly string[] };

/**
 * The `hmtt` commands that a page shows, in blocks for a shell and between backquotes. A line may show several; a
 * pipe, a redirection, a comment or `;` ends one; in `A | --b` the bar stands between options of which one is given.
 */
export function documentedCalls(page: Page): readonly Call[] {
  return [...shellLines(page), ...inlineCode(page)].flatMap(callsIn);
}

/** The commands in one line of text, as in a page or a text of the window. */
export function callsIn(line: string): readonly Call[] {
  const calls = line.split(/(?:^|[\s;&|(])(?:npm run -s )?hmtt (?:-- )?/).slice(1);
  return calls.map((rest) => {
    const words: string[] = [];
    // Quoted words are kept whole; brackets of what may be left out and of notes are no part of a word.
    for (const [shown] of rest.replaceAll(' | --', ' --').matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)) {
      if (/^(?:[|;>#]|&&|2>)/.test(shown)) break;
      const word = shown.replaceAll(/^\[|[\]),;:]+$/g, '');
      if (word !== '') words.push(word);
      if (shown.endsWith(';')) break;
    }
    return { shown: `hmtt ${rest.trim()}`, words };
  });
}

/**
 * What of a call the program does not know, or null. `begin|end` stands for each of the two. An upper-case word,
 * `…`, and whatever follows the first argument of a command are values.
 */
export function unknownIn(program: Command, { words }: Call): string | null {
  let command = program;
  let values = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word.startsWith('-') && word !== '-') {
      const flag = word.split('=')[0] ?? '';
      if (flag === '--help' || flag === '-h') continue;
      const option = optionsOf(command).find(({ long, short }) => long === flag || short === flag);
      if (option === undefined) return `${flag} of ${pathOf(command)}`;
      if (option.required && !word.includes('=')) i++;
      continue;
    }
    const names = word.split('|');
    const children = names.map((name) => command.commands.find((child) => child.name() === name));
    const [first] = children;
    if (values === 0 && first !== undefined) {
      const missing = names.find((_, at) => children[at] === undefined);
      if (missing !== undefined) return `${missing} of ${pathOf(command)}`;
      command = first;
      continue;
    }
    if (command.registeredArguments.length === 0 && word !== '…') return `${word} of ${pathOf(command)}`;
    values++;
  }
  return null;
}

/** Options of a command and of those that it belongs to: all of them may stand anywhere on the line. */
function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
