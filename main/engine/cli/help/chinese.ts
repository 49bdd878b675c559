import type { Command } from 'commander';
import { displayWidth } from '../output.ts';
import { backupHelp } from './zh-backup.ts';
import { logsHelp } from './zh-logs.ts';
import { siteHelp } from './zh-site.ts';

/** Chinese for every English text of the command's help. */
export const CHINESE_HELP: Readonly<Record<string, string>> = { ...siteHelp, ...logsHelp, ...backupHelp };

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

/** Puts the help of a command, and of all below it, into Chinese. A text without a translation stays as it is. */
export function inChinese(command: Command): void {
  const say = (text: string): string => CHINESE_HELP[text] ?? text;
  command.description(say(command.description()));
  for (const option of command.options) option.description = say(option.description);
  for (const argument of command.registeredArguments) argument.description = say(argument.description);
  command.helpOption('-h, --help', '显示帮助');
  const hasHelpCommand = command
    .createHelp()
    .visibleCommands(command)
    .some((child) => child.name() === 'help');
  if (hasHelpCommand) command.helpCommand('help [command]', '显示某个命令的帮助');
  command.configureHelp({
    displayWidth,
    boxWrap: wrapped,
    styleTitle: (title) => TITLES[title] ?? title,
    styleOptionDescription: (text) => text.replace(/ \(default: (.*)\)$/, '（默认 $1）'),
  });
  for (const child of command.commands) inChinese(child);
}

/**
 * Breaks lines as Chinese is set: after any character, but not before closing punctuation.
 *
 * @param width columns of a terminal, of which a Chinese character takes two
 */
export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const [piece] of text.matchAll(/\s+|(?:[\u2e80-\uffe6]|[^\s\u2e80-\uffe6]+)[，。、；：）”]*/g)) {
    if (line !== '' && displayWidth(line) + displayWidth(piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line].join('\n');
}
