import type { Bilingual } from '#shared/errors/index.ts';

/** Why an expression is refused, or cannot be evaluated. */
export const REASONS = {
  UNEXPECTED: { zh: '{found}，此处应为{wanted}', en: '{found}, {wanted} is expected' },
  UNEXPECTED_TEXT: { zh: '此处不应出现 {text}', en: 'unexpected {text}' },
  UNEXPECTED_IN_BRACES: { zh: '花括号中不应出现 {text}', en: 'unexpected {text} inside braces' },
  ENDS_IN_BRACES: { zh: '花括号没有闭合', en: 'the expression ends inside braces' },
  ENDS_IN_BRACKETS: { zh: '方括号没有闭合', en: 'the expression ends inside brackets' },
  PAREN_OPEN: { zh: '圆括号没有闭合', en: 'a parenthesis is not closed' },
  STRING_OPEN: { zh: '字符串没有闭合', en: 'the string is not closed' },
  BAD_ESCAPE: { zh: '未知的转义序列 {text}', en: 'unknown escape sequence {text}' },
  BAD_DURATION: { zh: '“{text}”不是有效的时长', en: '"{text}" is not a valid duration' },
  LONG_DURATION: { zh: '时长超出范围', en: 'the duration is out of range' },
  ZERO_DURATION: { zh: '时长必须大于 0', en: 'a duration must be greater than 0' },
  NO_UNIT: { zh: '时长缺少单位', en: 'the duration has no unit' },
  NOT_A_NUMBER: { zh: '“{text}”不是数字', en: '"{text}" is not a number' },
  NEITHER: { zh: '“{text}”既不是数字也不是时长', en: '"{text}" is neither a number nor a duration' },
  TIME_OUT_OF_BOUNDS: { zh: '时间超出范围', en: 'the time is out of bounds' },
  BAD_REGEX: { zh: '正则表达式无效：{text}', en: 'the regular expression is not valid: {text}' },
  NAME_TWICE: {
    zh: '指标名给了两次：{name} 和花括号中的',
    en: "the metric's name is given twice, as {name} and in braces",
  },
  EMPTY_SELECTOR: {
    zh: '选择器至少需要一个不接受空标签的条件',
    en: 'a selector needs at least one matcher that does not accept an empty label',
  },
  TOO_LONG: {
    zh: '表达式超过 {limit} 个字符',
    en: 'the expression is longer than {limit} characters',
  },
  TOO_DEEP: { zh: '表达式嵌套过深', en: 'the expression is nested too deeply' },
  TOO_MANY_OPERATORS: { zh: '表达式的运算符过多', en: 'the expression has too many operators' },
  SET_GROUPING: {
    zh: '{op} 不能分组：它总是多对多匹配',
    en: '{op} takes no grouping: it always matches many to many',
  },
  LABEL_IN_BOTH: {
    zh: '标签 {label} 不能同时出现在 on() 和 {side}() 中',
    en: 'the label {label} must not be in on() and in {side}() at once',
  },
  TRAILING_COMMA: { zh: '最后一个参数之后不能有逗号', en: 'no comma may stand behind the last argument' },
  RANGE_PLACE: { zh: '区间只能跟在选择器之后', en: 'a range is only allowed behind a selector' },
  RANGE_BEFORE: { zh: '区间必须写在 {word} 之前', en: 'the range must stand before {word}' },
  TWICE: { zh: '{word} 给了两次', en: '{word} is given twice' },
  MODIFIER_PLACE: {
    zh: '{word} 只能跟在选择器、区间或子查询之后',
    en: '{word} is only allowed behind a selector, a range or a subquery',
  },
  NO_FUNCTION: { zh: '没有函数 {name}()', en: 'there is no function {name}()' },
  ARGUMENT_COUNT: {
    zh: '{name} 需要 {wanted} 个参数，而不是 {found} 个',
    en: '{name} takes {wanted}, not {found}',
  },
  WRONG_TYPE: { zh: '{where}需要{wanted}，而不是{found}', en: '{where} takes {wanted}, not {found}' },
  SIGN_TYPE: {
    zh: '正负号之后只能是标量或瞬时向量，而不是{found}',
    en: 'a sign is only allowed before a scalar or an instant vector, not {found}',
  },
  OPERAND_TYPE: {
    zh: '{op} 的两侧应为标量或瞬时向量，而不是{found}',
    en: '{op} takes scalars and instant vectors, not {found}',
  },
  BOOL_PLACE: {
    zh: 'bool 只能跟在比较运算符之后，不能跟在 {op} 之后',
    en: 'bool is only allowed behind a comparison, not behind {op}',
  },
  BOOL_NEEDED: {
    zh: '比较两个标量需要 bool：{op} bool',
    en: 'a comparison of two scalars needs bool: {op} bool',
  },
  SET_OPERANDS: { zh: '{op} 的两侧都应为瞬时向量', en: '{op} takes instant vectors only' },
  MATCHING_PLACE: {
    zh: 'on() 和 ignoring() 只能用于两个瞬时向量之间',
    en: 'on() and ignoring() are only allowed between instant vectors',
  },
  RANGE_QUERY_TYPE: {
    zh: '区间查询的结果应为标量或瞬时向量',
    en: 'a range query takes a scalar or an instant vector',
  },
  SELECTOR_ONLY: {
    zh: '此处只能是选择器，例如 up{job="node"}',
    en: 'only a selector such as up{job="node"} is allowed here',
  },
  SAME_LABELS: {
    zh: '结果中会有两条标签相同的序列',
    en: 'the result would have two series with the same labels',
  },
  TWINS: {
    zh: '{side}有多条序列与另一侧的同一序列匹配',
    en: 'several series on the {side} side match the same series on the other side',
  },
  MANY_TO_ONE: {
    zh: '左侧有多条序列与同一序列匹配；可用 group_left 或 group_right 明确允许',
    en: 'several series on the left side match the same series; group_left or group_right allows it',
  },
  NOT_A_COUNT: { zh: '{text} 不能作为序列的数量', en: '{text} is not a number of series' },
  NOT_A_LABEL: { zh: '{where}：“{text}”不是标签名', en: '{where}: "{text}" is not the name of a label' },
  SMOOTHING: {
    zh: '平滑因子应在 0 与 1 之间，而不是 {value}',
    en: 'the smoothing factor must lie between 0 and 1, not at {value}',
  },
  TREND: {
    zh: '趋势因子应在 0 与 1 之间，而不是 {value}',
    en: 'the trend factor must lie between 0 and 1, not at {value}',
  },
  END_BEFORE_START: { zh: '结束时间早于开始时间', en: 'the end is before the start' },
  BAD_STEP: { zh: '步长必须大于 0', en: 'the step is not positive' },
  TOO_MANY_POINTS: { zh: '每条序列超过 {limit} 个点', en: 'more than {limit} points a series' },
} as const satisfies Record<string, Bilingual>;

export type Reason = keyof typeof REASONS;

/** What the parser would have taken instead. */
export const WANTED = {
  expression: { zh: '表达式', en: 'an expression' },
  operand: { zh: '操作数', en: 'an operand' },
  operator: { zh: '运算符或结尾', en: 'an operator or the end' },
  labelName: { zh: '标签名', en: 'a label name' },
  matchOperator: { zh: ' = != =~ !~ 之一', en: 'one of = != =~ !~' },
  string: { zh: '引号中的字符串', en: 'a string in quotes' },
  duration: { zh: '时长，例如 5m', en: 'a duration such as 5m' },
  time: { zh: '以秒计的时间、start() 或 end()', en: 'a time in seconds, start() or end()' },
} as const satisfies Record<string, Bilingual>;

export type Wanted = keyof typeof WANTED;

export const EXPRESSION_ENDS: Bilingual = { zh: '表达式到此结束', en: 'the expression ends' };
