import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { CHINESE_HELP, inChinese, wrapped } from '../../../main/engine/cli/help/chinese.ts';
import { backupHelp } from '../../../main/engine/cli/help/zh-backup.ts';
import { logsHelp } from '../../../main/engine/cli/help/zh-logs.ts';
import { siteHelp } from '../../../main/engine/cli/help/zh-site.ts';
import { createProgram } from '../../../main/engine/cli/program.ts';
import { usageError, WrongUsage } from '../../../main/engine/cli/usage-errors.ts';

/** Every command below one, with how it is called. */
function commandsOf(command: Command, path = command.name()): readonly { path: string; command: Command }[] {
  return [
    { path, command },
    ...command.commands.flatMap((child) => commandsOf(child, `${path} ${child.name()}`)),
  ];
}

test('every command and option says what it does', () => {
  const silent = commandsOf(createProgram()).flatMap(({ path, command }) => [
    ...(command.description() === '' ? [path] : []),
    ...command.options.filter(({ description }) => description === '').map(({ flags }) => `${path} ${flags}`),
  ]);
  expect(silent).toEqual([]);
});

describe('help in Chinese', () => {
  const texts = new Set(
    commandsOf(createProgram()).flatMap(({ command }) => [
      command.description(),
      ...[...command.options, ...command.registeredArguments].map(({ description }) => description),
    ]),
  );
  texts.delete('');

  test('every text is there, and none that nothing says any more', () => {
    expect([...texts].filter((text) => !(text in CHINESE_HELP))).toEqual([]);
    expect(Object.keys(CHINESE_HELP).filter((text) => !texts.has(text))).toEqual([]);
  });

  test('no text is translated twice', () => {
    const all = [siteHelp, logsHelp, backupHelp].flatMap((part) => Object.keys(part));
    expect(all.filter((text, i) => all.indexOf(text) !== i)).toEqual([]);
  });

  test('is shown in place of the English one, with its titles and defaults', () => {
    const program = createProgram();
    inChinese(program);
    const run = commandsOf(program).find(({ path }) => path === 'hmtt backup run')?.command;
    const help = run?.helpInformation() ?? '';
    expect(help).toContain('用法： hmtt backup run [options] <name>');
    expect(help).toContain('立即生成一个恢复点');
    expect(help).toContain('显示帮助');
    const search = commandsOf(program).find(({ path }) => path === 'hmtt logs search')?.command;
    expect(search?.helpInformation()).toContain('最多显示多少条（默认 "100"）');
    expect(help).not.toMatch(/[a-z] [a-z]+ [a-z]+ [a-z]+ /);
  });

  test('lines are broken within the width, and not before closing punctuation', () => {
    expect(wrapped('数据目录；默认取 $HMTT_DATA，否则为自己的目录', 10)).toBe(
      '数据目录；\n默认取\n$HMTT_DATA，\n否则为自己\n的目录',
    );
  });
});

describe('wrong usage', () => {
  async function wrong(...words: string[]): Promise<unknown> {
    try {
      await createProgram().parseAsync(['node', 'hmtt', ...words]);
    } catch (thrown) {
      return thrown instanceof WrongUsage
        ? [thrown.error.code, thrown.error.message.zh, thrown.error.hint.en]
        : thrown;
    }
    return 'nothing was wrong';
  }

  test.each([
    [['backup', 'verfy'], 'USAGE_UNKNOWN_COMMAND', '没有命令“verfy”。', 'hmtt backup'],
    [['logs', 'search', '--limti', '3'], 'USAGE_UNKNOWN_OPTION', '没有选项“--limti”。', 'hmtt logs search'],
    [['query'], 'USAGE_ARGUMENT_MISSING', '缺少参数“expr”。', 'hmtt query'],
    [['backup', 'add', 'core'], 'USAGE_OPTION_MISSING', '缺少选项“--to <dir>”。', 'hmtt backup add'],
    [['query', 'up', '--time'], 'USAGE_VALUE_MISSING', '选项“--time <t>”后面缺少值。', 'hmtt query'],
    [['version', 'up'], 'USAGE_TOO_MANY', '参数太多。', 'hmtt version'],
  ])('%j', async (words, code, zh, command) => {
    expect(await wrong(...words)).toEqual([code, zh, `How to use it: ${command} --help`]);
  });

  test('what the library finds beyond that is told in its words', () => {
    const { code, message } = usageError(
      new CommanderError(1, 'commander.invalidArgument', 'error: odd'),
      'hmtt',
    );
    expect([code, message.en]).toEqual(['USAGE_WRONG', 'Wrong usage: odd']);
  });
});
