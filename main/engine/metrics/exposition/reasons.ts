import type { Bilingual } from '#shared/errors/index.ts';

/** What can be wrong with a line of an exposition. */
export const REASONS = {
  NAME_EXPECTED: { zh: '行首应为指标名或 #', en: 'a line begins with a metric name or #' },
  NAME_OR_HASH_SPACE: { zh: '行首应为指标名或“# ”', en: 'a line begins with a metric name or "# "' },
  BLANK_BEFORE_NAME: { zh: '指标名之前不能有空白', en: 'no blank may stand before a metric name' },
  NAME_AFTER: { zh: '{keyword} 之后应为指标名', en: 'a metric name is expected after {keyword}' },
  VALUE_EXPECTED: { zh: '序列之后应为数值', en: 'a value is expected after the series' },
  SPACE_AND_VALUE: {
    zh: '序列之后应为一个空格和数值',
    en: 'one space and a value are expected after the series',
  },
  NOT_A_NUMBER: { zh: '“{text}”不是数字', en: '"{text}" is not a number' },
  TIME_MS_EXPECTED: {
    zh: '此处应为毫秒时间戳或行尾',
    en: 'a time stamp in milliseconds or the end of the line is expected',
  },
  TIME_SECONDS_EXPECTED: {
    zh: '此处应为以秒计的时间戳或示例（exemplar）',
    en: 'a time stamp in seconds or an exemplar is expected',
  },
  AFTER_TIME: { zh: '时间戳之后不能再有内容', en: 'nothing may follow the time stamp' },
  LABEL_TWICE: { zh: '同一标签出现了两次', en: 'a label is given twice' },
  LABEL_NAME: { zh: '此处应为标签名', en: 'a label name is expected' },
  EQUALS: { zh: '标签名之后应为 =', en: '= is expected after the label name' },
  QUOTED_VALUE: { zh: '此处应为双引号中的值', en: 'a value in double quotes is expected' },
  QUOTES_OPEN: { zh: '引号没有闭合，或者值过长', en: 'the quotes are not closed, or the value is too long' },
  VALUE_NOT_UTF8: { zh: '标签值不是 UTF-8', en: 'the label value is not UTF-8' },
  MANY_LABELS: { zh: '一个样本的标签过多', en: 'a sample has too many labels' },
  ZERO_BYTE: { zh: '此处不能有零字节', en: 'a zero byte must not stand here' },
  COMMA_OR_BRACE: { zh: '此处应为 , 或 }', en: ', or } is expected' },
  HELP_NOT_UTF8: { zh: '说明文字不是 UTF-8', en: 'the help text is not UTF-8' },
  NOT_A_TYPE: { zh: '“{text}”不是指标类型', en: '"{text}" is not a metric type' },
  TEXT_EXPECTED: {
    zh: '指标名之后应为一个空格和文字',
    en: 'a space and a text are expected after the name',
  },
  UNIT_MISMATCH: { zh: '单位不是指标名的结尾', en: 'the unit is not the end of the metric name' },
  NO_EXEMPLARS: { zh: '指标 {name} 不能带示例（exemplar）', en: 'the metric {name} cannot have exemplars' },
  EXEMPLAR_VALUE: { zh: '此处应为示例（exemplar）的数值', en: "the exemplar's value is expected" },
  EXEMPLAR_TIME: { zh: '示例（exemplar）的时间戳不是数字', en: "the exemplar's time stamp is not a number" },
  HASH_LINES: {
    zh: '以 # 开头的行只能是 # HELP、# TYPE、# UNIT 和 # EOF',
    en: 'only # HELP, # TYPE, # UNIT and # EOF lines begin with #',
  },
  LINE_END: { zh: '此处应为行尾', en: 'the end of the line is expected' },
  NO_EOF: { zh: '内容没有以 # EOF 结尾', en: 'the document does not end with # EOF' },
  AFTER_EOF: { zh: '# EOF 之后不能再有内容', en: 'nothing may follow # EOF' },
} as const satisfies Record<string, Bilingual>;

export type Reason = keyof typeof REASONS;
