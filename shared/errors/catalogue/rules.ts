import { defineErrors } from '../define.ts';

/** Expected failures of rules. */
export const ruleErrors = defineErrors({
  RULES_INVALID: {
    message: { zh: '规则文件有 {count} 处错误', en: 'Rule files have {count} mistakes' },
    hint: {
      zh: '每处错误都已列出文件、行号、规则组和规则；改正后重新检查。',
      en: 'Each is listed with file, line, group and rule; correct them and check again.',
    },
  },
  RULES_REFUSED: {
    message: {
      zh: '规则文件 {file} 第 {line} 行：{why}（共 {count} 处错误，整个导入未执行）',
      en: 'Rule file {file}, line {line}: {why} ({count} mistakes in all; nothing was imported)',
    },
    hint: {
      zh: '运行 hmtt rules check {file} 可列出每一处错误。',
      en: 'hmtt rules check {file} lists every mistake.',
    },
  },
  RULE_TESTS_FAILED: {
    message: { zh: '规则测试有 {count} 处不符', en: '{count} expectations of rule tests do not hold' },
    hint: {
      zh: '对比上面的 exp（期望）与 got（实际）：修改规则，或修改期望。',
      en: 'Compare exp (expected) with got above: change the rule, or the expectation.',
    },
  },
  RULE_FILE_BUILT_IN: {
    message: {
      zh: '规则文件 {file} 随控制台提供，不能直接改写',
      en: 'Rule file {file} comes with the console and cannot be overwritten',
    },
    hint: {
      zh: '在“起步规则”中关闭规则或修改阈值；也可以导出后另存为自己的文件。',
      en: 'Switch its rules off or change their thresholds in the starter set, or save it under a name of your own.',
    },
  },
  RULE_FORM_EDITED: {
    message: {
      zh: '规则文件 {file} 已被手工修改，表单不再代表它',
      en: 'Rule file {file} was changed by hand, so its form no longer says what it does',
    },
    hint: {
      zh: '继续按文本编辑；或用表单另建一个文件。',
      en: 'Go on editing it as text, or make a new file from the form.',
    },
  },
  STARTER_VALUE_REFUSED: {
    message: {
      zh: '起步规则 {rule} 的阈值 {value} 不可用：{why}',
      en: 'Threshold {value} of starter rule {rule} cannot be used: {why}',
    },
    hint: {
      zh: '填写允许范围内的数值，或留空使用自带的值。',
      en: "Give a number within its bounds, or leave it empty for the console's own.",
    },
  },
  BACKTEST_RANGE_INVALID: {
    message: {
      zh: '回测时间段不可用：结束时间必须晚于开始时间，且不超过一年',
      en: 'The time of a backtest must end after it begins, and be no longer than a year',
    },
    hint: { zh: '改选时间段后再试。', en: 'Choose another time.' },
  },
});
