import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
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
