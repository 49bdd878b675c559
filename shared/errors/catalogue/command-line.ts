import { defineErrors } from '../define.ts';

const hint = { zh: '用法：{command} --help', en: 'How to use it: {command} --help' };

/** Wrong usage of the `hmtt` command. */
export const commandLineErrors = defineErrors({
  USAGE_UNKNOWN_COMMAND: { message: { zh: '没有命令“{what}”。', en: 'There is no command "{what}".' }, hint },
  USAGE_UNKNOWN_OPTION: { message: { zh: '没有选项“{what}”。', en: 'There is no option "{what}".' }, hint },
  USAGE_ARGUMENT_MISSING: {
    message: { zh: '缺少参数“{what}”。', en: 'The argument "{what}" is missing.' },
    hint,
  },
  USAGE_OPTION_MISSING: {
    message: { zh: '缺少选项“{what}”。', en: 'The option "{what}" is missing.' },
    hint,
  },
  USAGE_VALUE_MISSING: {
    message: { zh: '选项“{what}”后面缺少值。', en: 'The option "{what}" takes a value.' },
    hint,
  },
  USAGE_TOO_MANY: { message: { zh: '参数太多。', en: 'There are more arguments than it takes.' }, hint },
  USAGE_WRONG: { message: { zh: '命令用法有误：{why}', en: 'Wrong usage: {why}' }, hint },
});
