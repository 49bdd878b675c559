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
});
