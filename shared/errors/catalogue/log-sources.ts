import { defineErrors } from '../define.ts';

/** Expected failures of formats, receivers and remote log sources. */
export const logSourcesErrors = defineErrors({
  GROK_UNKNOWN: {
    message: {
      zh: '没有名为“{name}”的 grok 模式（表达式 {pattern}）。',
      en: 'There is no grok pattern named "{name}" (expression {pattern}).',
    },
    hint: {
      zh: '请检查拼写，或在表达式后面另起一行写“名称 模式”来定义它。',
      en: 'Check the spelling, or define it in a line after the expression: its name, then its pattern.',
    },
  },
  GROK_INVALID: {
    message: {
      zh: 'grok 表达式“{pattern}”不可用：{why}',
      en: 'The grok expression "{pattern}" cannot be used: {why}',
    },
    hint: {
      zh: '语法为 RE2，不支持环视和反向引用；引用写成 %{名称:字段}。',
      en: 'The syntax is RE2, without look-around and back-references; references are written %{NAME:field}.',
    },
  },
});
